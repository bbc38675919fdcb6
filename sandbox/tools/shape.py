"""Strict bodies: what is missing, unknown or of the wrong type is named with a pointer."""

from __future__ import annotations

import re
from collections.abc import Collection

EMAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class Misfit(Exception):
    """A part of the body that does not fit. `pointer` is a JSON pointer; `detail` never quotes a value."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{pointer}: {detail}")
        self.pointer = pointer
        self.detail = detail


def an_object(
    value: object, pointer: str, required: Collection[str] = (), optional: Collection[str] | None = ()
) -> dict[str, object]:
    """The value as an object with these members and no others (`optional` None: any other)."""
    if not isinstance(value, dict):
        raise Misfit(pointer, "must be an object")
    for name in required:
        if name not in value:
            raise Misfit(f"{pointer}/{name}", "is required")
    if optional is not None and (strange := set(value) - set(required) - set(optional)):
        raise Misfit(f"{pointer}/{min(strange)}", "is not a known field")
    return value


def a_list(value: object, pointer: str, most: int | None = None, least: int = 1) -> list[object]:
    """The value as a list of least..most entries."""
    if not isinstance(value, list):
        raise Misfit(pointer, "must be an array")
    if len(value) < least:
        raise Misfit(pointer, f"must have at least {least} entries")
    if most is not None and len(value) > most:
        raise Misfit(pointer, f"must have at most {most} entries")
    return value


def a_text(value: object, pointer: str, most: int = 1000) -> str:
    """The value as a text that is neither empty nor longer than `most` characters."""
    if not isinstance(value, str) or not value or len(value) > most:
        raise Misfit(pointer, f"must be a text of 1 to {most} characters")
    return value


def the_type(value: dict[str, object], pointer: str, name: str) -> None:
    """A JSON:API resource must say what it is."""
    if value.get("type") != name:
        raise Misfit(f"{pointer}/type", f"must be {name}")
