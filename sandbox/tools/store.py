"""What a tool remembers: one SQLite file, one connection, one lock."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What SQLite gives back is text, number, bytes or None; the query decides which.
Row = tuple[Any, ...]


class Store:
    """A tool's durable state. A committed write survives the death of the process."""

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(schema)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: everything inside is kept, or nothing is. May be entered again inside itself."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Every row of a query, read at one moment."""
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Sequence[object] = ()) -> object:
        """The first column of the first row, or None."""
        found = self.rows(sql, parameters)
        return found[0][0] if found else None

    def count(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """The first column of the first row as a number; 0 where there is none."""
        return int(str(self.value(sql, parameters) or 0))

    def close(self) -> None:
        with self._lock:
            self._db.close()
