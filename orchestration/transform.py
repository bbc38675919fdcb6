"""The warehouse lane: where dbt runs, what it is given, and whether there is anything new to run it for.

One process at a time owns the warehouse. What dbt builds is a pure function of the committed loads, the seeds and
models, and the date of `as_of`; `fingerprint` names that function's inputs, so an unchanged run can be skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.ingestion.loads import data_version
from orchestration.lease import Lease
from orchestration.moment import FULL
from orchestration.paths import PROJECT, Home
from orchestration.recognition.erasure import pepper
from orchestration.versions import blocklist_version, identity_version, policy_version

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
CODE = ("models", "macros", "seeds", "dbt_project.yml")


class TransformFailed(Exception):
    """dbt did not finish. Nothing was published; the message says which log to read."""


@dataclass(frozen=True)
class Run:
    """One pass through the warehouse. `run_id` is the same for the same inputs, so a repeated run repeats nothing."""

    run_id: str
    as_of: datetime
    target: str
    fingerprint: str
    data_version: str = ""
    kind: str = FULL

    @property
    def environment(self) -> dict[str, str]:
        """What the models are told (macro `told`): variables of the environment, for --vars would cost a parse."""
        return self.told(PROJECT)

    def told(self, project: Path) -> dict[str, str]:
        """The same for the models, macros and seeds of another project folder."""
        return {
            "DOWNBEAT_AS_OF": self.as_of.strftime(TIME_FORMAT),
            "DOWNBEAT_RUN_ID": self.run_id,
            "DOWNBEAT_RUN_KIND": self.kind,
            "DOWNBEAT_DATA_VERSION": self.data_version[:12],
            "DOWNBEAT_POLICY_VERSION": policy_version(project),
            "DOWNBEAT_IDENTITY_VERSION": identity_version(project),
            "DOWNBEAT_BLOCKLIST_VERSION": blocklist_version(project),
            "DOWNBEAT_ERASURE_PEPPER": pepper(),
            "DOWNBEAT_GIT_SHA": git_sha(),
            # Only a release whose every check has passed is published, and nobody reads anything else.
            "DOWNBEAT_CHECKER_STATUS": "pass",
        }


def plan_run(home: Home, as_of: datetime, target: str = "duckdb", kind: str = FULL) -> Run:
    """Name the run that these inputs lead to. A micro-run on the same inputs is another run."""
    data = data_version(home)
    parts = (data, code_version(), as_of.strftime("%Y-%m-%d"), target, *([] if kind == FULL else [kind]))
    fingerprint = hashlib.sha256("|".join(parts).encode()).hexdigest()
    letter = "r" if kind == FULL else "m"
    return Run(f"{letter}{as_of:%Y%m%dT%H%M}-{fingerprint[:8]}", as_of, target, fingerprint, data, kind)


def remember_built(home: Home, run: Run) -> None:
    """Write down which run the warehouse now holds; publishing asks for it."""
    note = {
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "target": run.target,
        "fingerprint": run.fingerprint,
    }
    (home.warehouse / "built.json").write_text(json.dumps(note))


def last_built(home: Home) -> Run:
    """The run the warehouse holds. Raises TransformFailed where nothing was built yet."""
    note = home.warehouse / "built.json"
    if not note.exists():
        raise TransformFailed("the warehouse has never been built: run `downbeat run`")
    told = json.loads(note.read_text())
    return Run(told["run_id"], datetime.fromisoformat(told["as_of"]), told["target"], told["fingerprint"])


def code_version() -> str:
    """A hash over everything an analyst can change: models, macros, seeds and the project's variables."""
    digest = hashlib.sha256()
    for name in CODE:
        place = PROJECT / name
        for file in [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file()):
            digest.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def git_sha() -> str:
    """The commit the models are at, or "unknown" outside a checkout."""
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    return told.stdout.strip() if told.returncode == 0 else "unknown"


def dbt_environment(home: Home) -> dict[str, str]:
    """The environment dbt runs in: where the warehouse is, and no telemetry."""
    home.warehouse.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "DOWNBEAT_HOME": str(home.root),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_LOG_PATH": str(home.root / "dbt" / "logs"),
    }


def dbt_executable() -> str:
    """The dbt beside the running Python, so that no other installation is picked up."""
    return str(Path(sys.executable).with_name("dbt"))


def target_folder(home: Home, target: str) -> Path:
    """Where dbt keeps its manifest and compiled SQL for one engine."""
    return home.root / "dbt" / target


def manifest_path(home: Home, target: str = "duckdb") -> Path:
    """dbt's manifest, parsed anew when a model, macro or seed has changed since."""
    folder = target_folder(home, target)
    manifest, mark = folder / "manifest.json", folder / "code_version"
    version = code_version()
    if not manifest.exists() or not mark.exists() or mark.read_text() != version:
        dbt(home, ["parse"], target)
        mark.write_text(version)
    return manifest


def dbt(
    home: Home,
    arguments: list[str],
    target: str = "duckdb",
    run: Run | None = None,
    project: Path = PROJECT,
) -> None:
    """Run one dbt command to its end; raise TransformFailed with the last lines dbt wrote."""
    command = [dbt_executable(), *arguments, "--project-dir", str(project), "--target", target]
    command += ["--target-path", str(target_folder(home, target)), "--no-use-colors"]
    environment = dbt_environment(home) | (run.told(project) if run else {})
    done = subprocess.run(command, env=environment, cwd=project, capture_output=True, text=True)
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise TransformFailed(
            f"dbt {arguments[0]} failed; the whole log is {home.root}/dbt/logs/dbt.log\n{tail}"
        )


@contextmanager
def warehouse_lane(home: Home) -> Iterator[None]:
    """Own the warehouse until the block ends. A second run waits, then says who holds it."""
    with Lease(home.warehouse / "lane.lock", "the warehouse").held(wait_seconds=120):
        yield
