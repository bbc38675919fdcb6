"""When the next request may go: what the tool said, its published pace where it says nothing, else doubling."""

from __future__ import annotations

from dataclasses import dataclass

from syncs.errors import TryLater
from syncs.shape import Answer
from syncs.waits import Clock, is_nearly_used, told_wait


@dataclass
class Patience:
    """`pause`: seconds from one request to the next, for tools that publish a pace and send no signal."""

    clock: Clock
    pause: float = 0.0
    not_before: float = float("-inf")

    def heard(self, answer: Answer) -> None:
        """Hold the next request back where this answer says that the quota is all but spent."""
        wait = self.pause
        if is_nearly_used(answer.headers):
            told = told_wait(answer.headers, self.clock.wall())
            wait = max(wait, 1.0 if told is None else told)
        if wait:
            self.not_before = self.clock.monotonic() + wait

    def wait_for_room(self, until: float) -> None:
        """Sleep until a request may go. Raises TryLater where that is after `until` (monotonic seconds)."""
        wait = self.not_before - self.clock.monotonic()
        if self.not_before > until:
            raise TryLater("its quota is used up", retry_after=wait)
        if wait > 0:
            self.clock.sleep(wait)

    def before_attempt(self, attempt: int, trouble: TryLater) -> float:
        """What the tool said plus a little, so that callers do not all return at once; else doubling."""
        if trouble.retry_after is not None:
            return trouble.retry_after + self.clock.chance()
        return (0.5 + self.clock.chance() / 2) * float(2**attempt)
