"""A lease that ends with its holder: the kernel's lock on a small file, with the holder's name inside for people."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class SomebodyElseHoldsIt(Exception):
    """Another process holds the lease. The message names it; wait for it or stop it."""


@dataclass(frozen=True)
class Lease:
    """An exclusive right to `what`. A killed holder leaves nothing behind, for the kernel drops its lock."""

    file: Path
    what: str

    @contextmanager
    def held(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lease inside the block; give up after `wait_seconds` with SomebodyElseHoldsIt."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a+") as handle:
            self._take(handle.fileno(), time.monotonic() + wait_seconds)
            handle.seek(0)
            handle.truncate()
            handle.write(f"process {os.getpid()} ({Path(sys.argv[0]).name or 'python'})")
            handle.flush()
            yield

    def _take(self, descriptor: int, until: float) -> None:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= until:
                    holder = self.file.read_text().strip() or "another process"
                    raise SomebodyElseHoldsIt(
                        f"{self.what} is held by {holder}; wait until it ends, or stop it, and run again"
                    ) from None
                time.sleep(0.2)
