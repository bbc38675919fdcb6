"""Klaviyo's manners: JSON:API errors and pages, revision and media type, rate tiers, filters."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sandbox.tools.pace import Window
from sandbox.tools.wire import Answer, Refusal, Request

MEDIA_TYPE = "application/vnd.api+json"
OLDEST_REVISION = "2024-10-15"
# Tiers of the published rate limits: burst per second, steady per minute.
S = (Window(3, 1), Window(60, 60))
M = (Window(10, 1), Window(150, 60))
L = (Window(75, 1), Window(700, 60))
XL = (Window(350, 1), Window(3500, 60))
TITLES = {
    400: "Invalid input.",
    401: "Authentication credentials were not provided.",
    403: "Permission denied.",
    404: "Not found.",
    413: "Payload too large.",
    415: "Unsupported media type.",
    429: "Throttled.",
    500: "Server error.",
    503: "Service unavailable.",
}


def problem(status: int, code: str, detail: str, **source: str) -> dict[str, object]:
    """One entry of a JSON:API `errors` array."""
    title = TITLES.get(status, "Error.")
    return {"id": str(uuid.uuid4()), "status": status, "code": code, "title": title, "detail": detail,
            "source": source}  # fmt: skip


def problems(status: int, entries: list[dict[str, object]]) -> Answer:
    return Answer(status, {"errors": entries})


def invalid(detail: str, **source: str) -> Refusal:
    return Refusal(problems(400, [problem(400, "invalid", detail, **source)]))


def check_headers(request: Request) -> None:
    """The revision must be a published date, and a body must be JSON:API. Raises Refusal."""
    revision = request.headers.get("revision", "")
    try:
        date.fromisoformat(revision.split(".")[0])
    except ValueError:
        raise invalid("The revision header is required: YYYY-MM-DD.", parameter="revision") from None
    if revision < OLDEST_REVISION:
        raise invalid("This revision has been retired.", parameter="revision")
    media_type = request.headers.get("content-type", "").split(";")[0].strip()
    if request.body and media_type != MEDIA_TYPE:
        wrong = problem(415, "unsupported_media_type", f"The body must be {MEDIA_TYPE}.")
        raise Refusal(problems(415, [wrong]))


@dataclass(frozen=True)
class Condition:
    """One term of a filter: operator(field,value); `values` holds one text, or several for `any`."""

    operator: str
    field: str
    values: tuple[str, ...]


_TERM = re.compile(r"\s*([a-z-]+)\(([a-z_.]+),(\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^,()]*)\)\s*(?:,|$)")
_ITEM = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def conditions(text: str, allowed: dict[str, set[str]]) -> list[Condition]:
    """The terms of a filter, comma-separated; a 400 for a field or operator that is not allowed."""
    found, position = [], 0
    while position < len(text):
        term = _TERM.match(text, position)
        if not term or term[1] not in allowed.get(term[2], set()):
            raise invalid(
                "The filter is malformed, or its field or operator is not allowed.", parameter="filter"
            )
        found.append(Condition(term[1], term[2], _values(term[3])))
        position = term.end()
    return found


def _values(text: str) -> tuple[str, ...]:
    if text.startswith("["):
        return tuple(double or single for double, single in _ITEM.findall(text))
    return (text.strip("\"'"),)


def page_size(request: Request, default: int, most: int) -> int:
    text = request.query.get("page[size]", str(default))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise invalid(f"page[size] must be between 1 and {most}.", parameter="page[size]")
    return int(text)


def page(request: Request, data: list[object], cursor: str | None, **more: object) -> Answer:
    """A page of a collection; `links.next` is null on the last one."""
    here = f"{request.base_url}{request.path}"
    following = f"{here}?{urlencode({**request.query, 'page[cursor]': cursor})}" if cursor else None
    links = {"self": f"{here}?{urlencode(request.query)}", "next": following, "prev": None}
    return Answer(200, {"data": data, **more, "links": links})


def linked(body: object, request: Request) -> object:
    """The body with each of its resources saying where it is found."""
    if isinstance(body, dict):
        data = body.get("data")
        for each in [*(data if isinstance(data, list) else [data]), *body.get("included", [])]:
            if isinstance(each, dict) and "attributes" in each:
                each["links"] = {"self": f"{request.base_url}/api/{each['type']}s/{each['id']}/"}
    return body
