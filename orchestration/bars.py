"""A bar per list in the terminal while it is on its way; nothing where nobody looks."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from orchestration.delivery.progress import Step


class Bars:
    """A watcher of deliveries. `console` is where; if it is no terminal, it stays as it is."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(
            *columns,
            console=console,
            disable=not console.is_terminal,
            redirect_stdout=False,  # while a run works, its chatter goes to a file
            redirect_stderr=False,
        )
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        if step.sync_id not in self.tasks:
            self.tasks[step.sync_id] = self.progress.add_task(step.sync_id)
        self.progress.update(self.tasks[step.sync_id], completed=step.done, total=step.rows)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()
