"""One dbt run without dbt's own beginning: what it costs from its first model to its end, the last write included.

    python -m tests.benchmarks.dbt_run run -s int_links_observed --project-dir . --target-path target

To read the project and to order its models takes dbt ten seconds, one more or less; a batch of one in a hundred
takes three.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg

from orchestration.paths import PROJECT
from tests.benchmarks.stages import Cost


def run_measured(name: str, words: list[str], environment: dict[str, str]) -> Cost:
    """Seconds and bytes of one dbt command. CalledProcessError if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.dbt_run", *words],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall, cpu, peak = done.stdout.splitlines()[-1].split()
    return Cost(name, float(wall), float(cpu), int(peak))


def from_first_model(words: list[str]) -> tuple[bool, float, float]:
    """Read the project and run: whether it ended well, wall and CPU seconds from its first model to its end."""
    project = words[words.index("--project-dir") :]
    manifest = dbtRunner().invoke(["--no-write-json", "parse", *project]).result
    begun: list[tuple[float, float]] = []

    def watch(event: EventMsg) -> None:
        if event.info.name == "LogStartLine" and not begun:
            begun.append((time.monotonic(), time.process_time()))

    known = manifest if isinstance(manifest, Manifest) else None
    done = dbtRunner(manifest=known, callbacks=[watch]).invoke(["--no-write-json", *words])
    wall, cpu = begun[0] if begun else (time.monotonic(), time.process_time())
    return done.success, time.monotonic() - wall, time.process_time() - cpu


def main() -> None:
    """Say in the last line what the run took."""
    success, wall, cpu = from_first_model(sys.argv[1:])
    print(wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    sys.exit(0 if success else 1)


if __name__ == "__main__":
    main()
