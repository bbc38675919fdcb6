"""Asking several times: for every page of a collection, and after a job until it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from syncs.errors import SyncError, TryLater
from syncs.shape import Answer, Member, Outcome

if TYPE_CHECKING:
    from syncs.connector import Connector

Following = Callable[[Answer], Mapping[str, object] | None]


def pages(
    connector: Connector,
    path: str,
    params: Mapping[str, str],
    following: Following,
    search: Mapping[str, object] | None = None,
) -> Iterator[Answer]:
    """Every page. `following` tells what to add to `params` (or to `search`, a posted body), or None at the end."""
    more: Mapping[str, object] | None = {}
    while more is not None:
        if search is None:
            answer = connector.call("GET", path, params={**params, **{k: str(v) for k, v in more.items()}})
        else:
            answer = connector.call("POST", path, {**search, **more}, params)
        yield answer
        before, more = more, following(answer)
        if before and before == more:
            raise TryLater("the tool's pages go round in a circle")


def followed(connector: Connector, job_id: str, members: Sequence[Member]) -> list[Outcome]:
    """The job's end if it comes within `job_seconds`; else staged, and a later run asks again.

    The tool has taken the job: whatever goes wrong while asking, it is asked again and not sent again.
    """
    until, wait = connector.clock.monotonic() + connector.job_seconds, 0.2
    while True:
        try:
            outcomes = connector.job_status(job_id, members)
        except SyncError:
            return staged(job_id, members)
        if outcomes[0].outcome != "staged" or connector.clock.monotonic() + wait > until:
            return outcomes
        connector.clock.sleep(wait)
        wait *= 2


def fetched(connector: Connector, url: str) -> Answer:
    """A file the tool points to, on whichever public host it keeps it. Our key stays with the tool."""
    from syncs.connector import Connector

    parts = urlsplit(url)
    elsewhere = Connector(connector.environment, connector.clock)
    elsewhere.environment = {**connector.environment, "FETCHED_URL": f"{parts.scheme}://{parts.netloc}"}
    elsewhere.base_url_variable = "FETCHED_URL"  # type: ignore[misc]
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return elsewhere.call("GET", path, headers={"Accept": "*/*"})


def staged(job_id: str, members: Sequence[Member]) -> list[Outcome]:
    return [Outcome(member.op_id, "staged", "", job_id) for member in members]
