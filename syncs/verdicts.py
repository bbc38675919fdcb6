"""What an answer other than the promised one means for what to do next."""

from __future__ import annotations

import json
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from syncs.errors import BadRows, BadSetup, SyncError, TryLater
from syncs.redaction import safe_code
from syncs.shape import Answer, Codes
from syncs.waits import Clock, told_wait

MOST_BYTES = 32_000_000
UNREADABLE: Any = object()


def verdict_of(answer: Answer, clock: Clock, codes: Codes) -> SyncError:
    """What the tool's own code asks of us, else the usual meaning of a status that was not expected."""
    wait, code = told_wait(answer.headers, clock.wall()), codes.of(answer)
    if answer.status == 429 or code in codes.busy:
        return TryLater("asks us to wait", wait)
    if code in codes.key:
        return BadSetup(f"the tool refused our key or list ({safe_code(code)})")
    if code in codes.down:
        return TryLater(f"is down ({safe_code(code)})", is_ambiguous=True)
    if answer.status < 300 and code is not None:
        return BadRows(safe_code(code))
    if answer.status == 409:
        return BadRows("conflict")  # with what stands there now: another moment, another answer
    if answer.status in (400, 413, 422):
        return BadRows(code_of(answer))
    if 300 <= answer.status < 400:
        return BadSetup("the tool's address redirects elsewhere, which is refused")
    if answer.status in (401, 403):
        return BadSetup(f"the tool refused our key ({answer.status})")
    if 400 < answer.status < 500 and answer.status not in (408, 425):
        return BadSetup(f"the tool does not know what we asked for ({answer.status})")
    return TryLater(f"answered {answer.status}", wait, is_ambiguous=True)


def code_of(answer: Answer) -> str:
    """The code of an error where the common shapes keep one."""
    paths: list[tuple[str | int, ...]] = [("errors", 0, "code"), ("error", "code"), ("error",), ("code",)]
    return safe_code(*(answer.find(*path) for path in paths))


def parsed(response: requests.Response) -> Any:
    """The body's JSON, or JSON lines as a list; None when empty; UNREADABLE when it is something else or endless."""
    content = b""
    for chunk in response.iter_content(65536):
        content += chunk
        if len(content) > MOST_BYTES:
            return UNREADABLE
    try:
        if "jsonl" in response.headers.get("Content-Type", ""):
            return [json.loads(line) for line in content.splitlines() if line.strip()]
        return json.loads(content) if content.strip() else None
    except ValueError:
        return UNREADABLE


def never_left(problem: requests.RequestException) -> bool:
    """Whether no connection came about, so that the tool cannot have seen the request."""
    cause = problem.args[0] if problem.args else None
    return isinstance(problem, requests.ConnectTimeout) or isinstance(
        getattr(cause, "reason", cause), NewConnectionError
    )


def json_bytes(body: object) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
