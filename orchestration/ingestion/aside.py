"""Lines that are no records, kept for quarantine: as text where they are text, and as the bytes they were."""

from __future__ import annotations

import json
from pathlib import Path

KEPT_BYTES = 1 << 20  # of a line longer than that, its beginning


class Aside:
    """Lines of JSON as they come, so that a file that is wrong from end to end takes no memory."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="ascii")
        self.count = 0

    def add(self, line: int, raw: bytes, reason: str) -> None:
        """Set one line aside."""
        raw = raw[:KEPT_BYTES]
        try:
            text, as_bytes = raw.decode(), None
        except UnicodeDecodeError:
            text, as_bytes = raw.decode("utf-8", "backslashreplace"), raw.hex()
        row = {"line": line, "raw_text": text, "raw_hex": as_bytes, "reasons": reason}
        self.file.write(json.dumps(row) + "\n")
        self.count += 1

    def close(self) -> None:
        """Nothing more is set aside."""
        self.file.close()


def aside_sql(path: Path) -> str:
    """What was set aside as a relation: line, raw_text, raw_bytes, reasons."""
    types = {"line": "BIGINT", "raw_text": "VARCHAR", "raw_hex": "VARCHAR", "reasons": "VARCHAR"}
    name = str(path).replace("'", "''")
    return (
        "(select line, raw_text, unhex(raw_hex) as raw_bytes, reasons "
        f"from read_json('{name}', columns = {types}, format = 'newline_delimited'))"
    )
