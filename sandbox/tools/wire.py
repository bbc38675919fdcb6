"""What goes over the wire: a request as it came in, an answer as it goes out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sandbox.tools.clock import iso, parse

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """Status, body (a JSON value, ready bytes, or None for no body at all) and extra headers."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json_bytes(self.body)


class Refusal(Exception):
    """The tool says no. Carries the answer that says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


@dataclass(frozen=True)
class Request:
    """One request. Header names are lower case; `is_partial` is a fault: only the first half of the rows is kept."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    is_partial: bool = False

    def kept(self, rows: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
        """The rows the tool takes and the rows it drops (none, unless it was told to be partial)."""
        cut = (len(rows) + 1) // 2 if self.is_partial else len(rows)
        return rows[:cut], rows[cut:]


def json_bytes(value: object) -> bytes:
    return json.dumps(value, default=as_json, separators=(",", ":"), ensure_ascii=False).encode()


def as_json(value: object) -> object:
    """Moments as ISO text with Z, amounts as text, days as ISO text; numbers of numpy as Python's own."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"no JSON for a {type(value).__name__}")


def moment_text(value: object) -> str:
    """A moment given as datetime or ISO text, as tools write it. Raises ValueError where it is none."""
    return iso(value) if isinstance(value, datetime) else iso(parse(str(value)))


def cursor_of(*parts: object) -> str:
    """An opaque cursor, as tools hand it out."""
    return base64.urlsafe_b64encode(json_bytes(list(parts))).decode().rstrip("=")


def read_cursor(text: str) -> list[str] | None:
    """The parts of a cursor, or None for one we never handed out."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    return [str(part) for part in parts] if isinstance(parts, list) else None
