"""One dbt run without dbt's own beginning: what it costs from its first model to its end, the last write included.

    python -m tests.benchmarks.dbt_run told run -s int_links_observed --project-dir . --target-path target

To read the project and to order its models takes dbt ten seconds, one more or less; a batch of one in a hundred
takes three. dbt's own reports are not written.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from tests.benchmarks.stages import Cost, measured


def run_measured(name: str, words: list[str], environment: dict[str, str]) -> Cost:
    """Seconds of one dbt command, bytes of its whole process. CalledProcessError if it fails."""
    with tempfile.NamedTemporaryFile() as told:
        command = [sys.executable, "-m", "tests.benchmarks.dbt_run", told.name, *words]
        whole = measured(name, command, environment)
        wall, cpu = (float(seconds) for seconds in Path(told.name).read_text().split())
    return replace(whole, wall=wall, cpu=cpu)


def from_first_model(words: list[str]) -> tuple[bool, float, float]:
    """Whether the command ended well, wall and CPU seconds from its first model to its end. IndexError without one."""
    begun: list[tuple[float, float]] = []

    def watch(event: EventMsg) -> None:
        if event.info.name == "LogStartLine":
            begun.append((time.monotonic(), time.process_time()))

    done = dbtRunner(callbacks=[watch]).invoke(["--no-write-json", *words])
    wall, cpu = begun[0]
    return done.success, time.monotonic() - wall, time.process_time() - cpu


def main() -> None:
    """Run what the words after the first say; the file that it names is told what the run took."""
    told, words = Path(sys.argv[1]), sys.argv[2:]
    success, wall, cpu = from_first_model(words)
    told.write_text(f"{wall} {cpu}")
    sys.exit(0 if success else 1)


if __name__ == "__main__":
    main()
