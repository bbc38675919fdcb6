"""What a tool says, made safe to keep: a short code, never the sentence it came with."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,59}")
_NUMBER = re.compile(r"[0-9]{1,7}")
_REVEALING = re.compile(r"[0-9]{6,}|@|[0-9a-fA-F]{24,}")


def safe_code(*said: object) -> str:
    """The first of `said` that is a plain code such as `invalid_email` or `190`; else `refused`.

    Tools put addresses and numbers into their sentences; a code holds none, so only codes are kept.
    """
    for value in said:
        text = str(value) if isinstance(value, str | int) else ""
        if _NUMBER.fullmatch(text) or (_CODE.fullmatch(text) and not _REVEALING.search(text)):
            return text
    return "refused"
