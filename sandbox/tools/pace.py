"""Rate limits as tools keep them: fixed windows of the real clock."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """`limit` requests in `seconds`."""

    limit: int
    seconds: int


@dataclass(frozen=True)
class State:
    """How a window stands after a request: what is left of it and the seconds until it starts anew."""

    window: Window
    remaining: int
    resets_in: int
    is_over: bool


class Pace:
    """Counts requests per key and window. `factor` widens every limit: the sandbox's days pass in seconds."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], tuple[int, int]] = {}

    def take(self, key: str, *windows: Window) -> list[State]:
        """Count one request under `key`; one state per window. A refused request uses up nothing."""
        now = time.monotonic()
        with self._lock:
            states = [self._look(key, self._widened(window), now) for window in windows]
            if not any(state.is_over for state in states):
                for state in states:
                    self._count(key, state.window, now)
        return states

    def _widened(self, window: Window) -> Window:
        return Window(max(1, round(window.limit * self.factor)), window.seconds)

    def _look(self, key: str, window: Window, now: float) -> State:
        number = int(now // window.seconds)
        counted_in, used = self._counts.get((key, window.seconds), (number, 0))
        used = used if counted_in == number else 0
        resets_in = math.ceil((number + 1) * window.seconds - now)
        return State(window, max(0, window.limit - used - 1), max(1, resets_in), used >= window.limit)

    def _count(self, key: str, window: Window, now: float) -> None:
        number = int(now // window.seconds)
        counted_in, used = self._counts.get((key, window.seconds), (number, 0))
        self._counts[(key, window.seconds)] = (number, used + 1 if counted_in == number else 1)
