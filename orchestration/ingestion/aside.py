"""Lines that are no records, kept as Parquet: as text where they are text, and as the bytes they were."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = pa.schema(
    [("line", pa.int64()), ("raw_text", pa.string()), ("raw_bytes", pa.binary()), ("reasons", pa.string())]
)


class Aside:
    """Writes in batches, so that a file that is wrong from end to end takes no memory."""

    def __init__(self, path: Path) -> None:
        self.writer = pq.ParquetWriter(path, COLUMNS)
        self.rows: list[tuple[int, str, bytes | None, str]] = []
        self.count = 0

    def add(self, line: int, raw: bytes, reason: str) -> None:
        """Set one line aside."""
        try:
            self.rows.append((line, raw.decode(), None, reason))
        except UnicodeDecodeError:
            self.rows.append((line, raw.decode("utf-8", "backslashreplace"), raw, reason))
        self.count += 1
        if len(self.rows) >= 10_000:
            self.flush()

    def flush(self) -> None:
        """Write the batch."""
        columns = [list(column) for column in zip(*self.rows, strict=True)] or [[] for _ in COLUMNS]
        arrays = [pa.array(values, f.type) for values, f in zip(columns, COLUMNS, strict=True)]
        self.writer.write_batch(pa.record_batch(arrays, schema=COLUMNS))
        self.rows = []

    def close(self) -> None:
        """Write what is left."""
        self.flush()
        self.writer.close()
