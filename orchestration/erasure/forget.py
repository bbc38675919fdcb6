"""`downbeat forget`: everything that is done for one person, in an order that a kill anywhere cannot harm.

First nobody may be recognised by the identifiers any more and nothing more may be sent; then what tools hold, which
only our ledgers know, is taken back; then files, releases and the warehouse. Each step does nothing where it was done
before, so that a case begun again ends as one that was never broken off.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.delivery.stops import StopList
from orchestration.erasure import files
from orchestration.erasure.case import Case, close, open_cases, save
from orchestration.erasure.needles import Needles
from orchestration.erasure.tools import forget_at
from orchestration.erasure.who import case_for
from orchestration.ingestion.contract import load_contracts
from orchestration.lease import Lease
from orchestration.paths import Home
from orchestration.recognition.erasure import digests_onto_ledger, must_have_secret
from orchestration.shelf import all_releases, current_release
from orchestration.why.people import question
from syncs.connector import Connector


@dataclass(frozen=True)
class Erased:
    """What became of one person's wish. `left`: per place what still waits and why; then there is no receipt.

    `asked`: by tool what was asked of it.
    """

    case_id: str
    rows: Mapping[str, int]
    left: Mapping[str, str] = field(default_factory=dict)
    receipt: Path | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


def forget(
    home: Home,
    who: str,
    moment: datetime,
    connectors: Mapping[str, Connector | None],
    passing: Callable[[str], None] = lambda _: None,
) -> Erased:
    """Erase the person everywhere. Raises NobodyKnown, NoSecret, or SomebodyElseHoldsIt while a run is at work."""
    salt = must_have_secret()
    with Lease(home.root / "run.lock", "this home").held(wait_seconds=120):
        spelled = question(who).spellings
        case = next((known for known in open_cases(home) if known.covers(spelled)), None)
        if case is None:
            case = case_for(home, who, moment)
            save(home, case)
        passing("case")
        return _go_on(home, case, moment, salt, connectors, passing)


def _go_on(
    home: Home,
    case: Case,
    moment: datetime,
    salt: str,
    connectors: Mapping[str, Connector | None],
    passing: Callable[[str], None],
) -> Erased:
    digests_onto_ledger(home, case.identifiers, case.case_id, moment)
    passing("digests")
    _stop(home, case, moment)
    passing("stopped")
    needles = Needles(case)
    with duckdb.connect() as engine:
        _clean_releases(home, engine, case, needles, passing)
        _clean_tools(home, case, moment, connectors, passing)
        _clean_files(home, engine, case, needles, passing)
        if (home.warehouse / "warehouse.duckdb").exists():
            # built anew by the next run, from files that know nothing of the person
            shutil.rmtree(home.warehouse)
            case.note(home, "warehouse", 0)
        passing("warehouse")
        if case.left:
            return Erased(case.case_id, case.done, dict(case.left), None, case.asked)
        remaining = search(home, engine, needles)
    StopList.of(home).forget({*case.customer_ids, *(value for _, value in case.identifiers)})
    passing("searched")
    if any(remaining.values()):
        left = {
            place: f"{rows} rows or files still tell of the person"
            for place, rows in remaining.items()
            if rows
        }
        return Erased(case.case_id, case.done, left, None, case.asked)
    receipt = close(home, case, remaining, salt, moment)
    return Erased(case.case_id, case.done, {}, receipt, case.asked)


def _stop(home: Home, case: Case, moment: datetime) -> None:
    stop_list = StopList.of(home)
    for customer_id in case.customer_ids:
        if not stop_list.now().covers(customer_id, {}):
            stop_list.stop(moment, customer_id=customer_id)


def _clean_releases(
    home: Home,
    engine: duckdb.DuckDBPyConnection,
    case: Case,
    needles: Needles,
    passing: Callable[[str], None],
) -> None:
    for release in all_releases(home):
        case.note(home, "releases", files.clean_release(engine, release, needles))
        passing("release")


def _clean_tools(
    home: Home,
    case: Case,
    moment: datetime,
    connectors: Mapping[str, Connector | None],
    passing: Callable[[str], None],
) -> None:
    release = current_release(home)
    assert release is not None
    for name, connector in sorted(connectors.items()):
        told = forget_at(home, release, name, connector, case, moment, passing)
        case.left.pop(f"tool {name}", None)
        if told.trouble:
            case.left[f"tool {name}"] = told.trouble
        if told.removed or told.forgotten or told.erased:
            case.note(home, f"tool {name}, list entries", told.removed)
            case.note(home, f"tool {name}, profiles", told.erased)
            case.note(home, f"ledger of {name}", told.forgotten)
        save(home, case)
        passing(f"tool {name}")


def _clean_files(
    home: Home,
    engine: duckdb.DuckDBPyConnection,
    case: Case,
    needles: Needles,
    passing: Callable[[str], None],
) -> None:
    for contract in load_contracts().values():
        for place, rows in files.clean_stream(home, engine, contract, needles).items():
            case.note(home, place, rows)
        passing("stream")
    case.note(home, "landed files", files.clean_landing(home, needles))
    passing("landing")


def search(home: Home, engine: duckdb.DuckDBPyConnection, needles: Needles) -> dict[str, int]:
    """Look everywhere once more: rows of Parquet by place, and files of any other kind that hold one of the values."""
    found = {"raw": 0, "quarantine": 0, "releases": 0, "other files": 0}
    for place, file, contract in files.parquet_files(home):
        condition = files.condition_of(engine, file, needles, contract)
        found[place] += files.found_in(engine, file, condition)
    values = [value.encode() for kind, value in needles.case.identifiers if kind in ("email", "phone")]
    for file in (p for p in home.root.rglob("*") if p.is_file() and p.suffix != ".parquet"):
        is_ours = file.name == f"{needles.case.case_id}.json" or file.name == "stop_list.ndjson"
        if not is_ours and not file.is_relative_to(home.sandbox) and _holds(file, values):
            found["other files"] += 1
    return found


def _holds(file: Path, values: list[bytes]) -> bool:
    content = file.read_bytes().lower()
    return any(value in content for value in values)
