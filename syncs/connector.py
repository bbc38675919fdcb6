"""The shape of a tool, and the one place that speaks HTTP: pooled, bounded, patient, and silent about people."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import ClassVar

import requests

from syncs.addresses import checked_base_url, is_loopback_allowed
from syncs.errors import BadSetup, SyncError, TryLater
from syncs.patience import Patience
from syncs.pool import shared_session
from syncs.shape import Answer, Codes, Example, Member, Outcome, Page
from syncs.verdicts import UNREADABLE, json_bytes, never_left, parsed, verdict_of
from syncs.waits import Clock

# At debug level urllib3 writes whole addresses, and some tools want a person's e-mail in a filter.
logging.getLogger("urllib3").setLevel(logging.INFO)


class Connector:
    """One tool: facts as class attributes, then a few verbs. A verb that is not overridden is not offered."""

    name: ClassVar[str] = ""
    version: ClassVar[str] = ""  # of the tool's API, as its path or header says it
    base_url_variable: ClassVar[str] = ""
    secret_variables: ClassVar[tuple[str, ...]] = ()
    streams: ClassVar[tuple[str, ...]] = ()
    batch_rows: ClassVar[int] = 500
    batch_bytes: ClassVar[int] = 1_000_000
    media_type: ClassVar[str] = "application/json"
    is_repeatable: ClassVar[bool] = True  # sending a row again does what sending it once does
    knows_requests: ClassVar[bool] = False  # job_status also answers for our own request ids
    can_list: ClassVar[bool] = False
    can_erase: ClassVar[bool] = False
    codes: ClassVar[Codes] = Codes()
    pause_seconds: ClassVar[float] = 0.0  # between two requests, where a pace is published and not told
    job_seconds: ClassVar[float] = 60.0  # how long a write waits for its job before the next run asks
    example: ClassVar[Example | None] = None  # an ordinary write, as the contract tests send it
    timeout: ClassVar[tuple[float, float]] = (5.0, 30.0)
    deadline_seconds: ClassVar[float] = 120.0
    attempts: ClassVar[int] = 6

    def __init__(self, environment: Mapping[str, str] | None = None, clock: Clock | None = None) -> None:
        self.environment = os.environ if environment is None else environment
        self.clock = clock or Clock()
        self.doubts = 0  # requests repeated after one that may still be applied, however late
        self.patience = Patience(self.clock, self.pause_seconds)

    # ---- verbs -------------------------------------------------------------------------------

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:  # noqa: ARG002
        """Pages of `stream` changed at or after `since` (UTC), oldest first."""
        raise BadSetup(f"{self.name} offers no stream {stream}")

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:  # noqa: ARG002
        """Bring `members` to the list, event or file `object`. One outcome per member, or a SyncError for all."""
        raise BadSetup(f"{self.name} cannot be written to")

    def list_members(self, object: str) -> Iterator[str]:  # noqa: ARG002
        """What `object` holds, each as `identity_key` would show it."""
        raise BadSetup(f"{self.name} does not show who is on a list")

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:  # noqa: ARG002
        """What became of `members` in a job that was still running (or a request of unknown end)."""
        raise BadSetup(f"{self.name} keeps no jobs")

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:  # noqa: ARG002
        """Have the tool delete all it holds of one person. Returns how many profiles, or requests, that was.

        Asking again for somebody who is gone already is no error.
        """
        raise BadSetup(f"{self.name} offers no erasure")

    def identity_key(self, identity: Mapping[str, object]) -> str:
        """The identity as the tool lists it: its first value."""
        return next((str(value) for value in identity.values() if value), "")

    def identity_of(self, key: str) -> dict[str, object]:  # noqa: ARG002
        """The identity that a listed key stands for."""
        raise BadSetup(f"{self.name} does not show who is on a list")

    # ---- speaking HTTP -----------------------------------------------------------------------

    def secret(self, variable: str) -> str:
        """The value of an environment variable. Raises BadSetup naming the variable, never its value."""
        value = self.environment.get(variable, "")
        if not value:
            raise BadSetup(f"the environment variable {variable} is not set")
        return value

    def headers(self) -> dict[str, str]:
        """Who we are. Secrets go here and nowhere else, for addresses end up in logs."""
        return {"Authorization": f"Bearer {self.secret(self.secret_variables[0])}"}

    def verdict(self, answer: Answer) -> SyncError:
        """What an answer other than the expected one means. Tools with a dialect of their own extend this."""
        return verdict_of(answer, self.clock, self.codes)

    @cached_property
    def base_url(self) -> str:
        return checked_base_url(self.secret(self.base_url_variable), is_loopback_allowed(self.environment))

    @cached_property
    def session(self) -> requests.Session:
        return shared_session(is_loopback_allowed(self.environment))

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (200,),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, repeated while that can help and the deadline allows. Raises a SyncError otherwise."""
        until = self.clock.monotonic() + self.deadline_seconds
        is_write, is_ambiguous = method != "GET", False
        content = body if isinstance(body, bytes) or body is None else json_bytes(body)
        for attempt in range(self.attempts):
            try:
                self.patience.wait_for_room(until)
                answer = self._once(method, path, content, params, expect, headers)
                self.doubts += is_ambiguous
                return answer
            except TryLater as trouble:
                is_ambiguous = is_write and (is_ambiguous or trouble.is_ambiguous)
                last, wait = trouble, self.patience.before_attempt(attempt, trouble)
                if (is_ambiguous and not self.is_repeatable) or self.clock.monotonic() + wait > until:
                    break
                if attempt + 1 < self.attempts:
                    self.clock.sleep(wait)
            except SyncError as trouble:
                trouble.is_ambiguous = is_ambiguous
                raise
        raise TryLater(f"{self.name}: {last}", last.retry_after, is_ambiguous) from None

    def _once(
        self,
        method: str,
        path: str,
        content: bytes | None,
        params: Mapping[str, str] | None,
        expect: tuple[int, ...],
        headers: Mapping[str, str] | None,
    ) -> Answer:
        sent = {"Accept": self.media_type} | dict(headers or self.headers())
        if content is not None:  # some servers try to read a body that only a header promises
            sent = {"Content-Type": self.media_type} | sent
        url = self.base_url + path
        try:
            with self.session.request(
                method, url, params=params, data=content, headers=sent,
                timeout=self.timeout, allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                answer = Answer(response.status_code, response.headers, parsed(response))
        except requests.RequestException as problem:
            raise TryLater("no answer", is_ambiguous=not never_left(problem)) from None
        self.patience.heard(answer)
        if answer.status not in expect or not self.codes.is_fine(answer):
            raise self.verdict(answer)
        if answer.body is UNREADABLE:
            raise TryLater("the answer is not the JSON the tool promises", is_ambiguous=True)
        return answer
