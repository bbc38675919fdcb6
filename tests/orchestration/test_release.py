"""A release is there entirely or not at all, and the same warehouse gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import release as publishing
from orchestration.release import (
    Check,
    Release,
    ReleaseRefused,
    all_releases,
    current_release,
    previous_release,
    publish,
)
from orchestration.versions import policy_version
from tests.orchestration.small_warehouse import AS_OF, Rows, warehouse


def ledger(*days: int, score: int = 5) -> Rows:
    """One considered message for each of two customers on each day of March 2026."""
    return {
        "fct_ledger": [
            {"run_id": f"r{day}", "customer_id": c, "message_id": "m", "score": score,
             "decided_at": datetime(2026, 3, day, 6)}
            for day in days for c in ("c2", "c1")
        ]
    }  # fmt: skip


def test_publishing_points_to_a_certified_release_that_holds_every_table(tmp_path: Path) -> None:
    home = warehouse(tmp_path, ledger(1, 2))
    release = publish(home, "r1", AS_OF, "duckdb")
    opened = current_release(home)
    assert opened == release
    assert release.is_certified
    assert release.as_of == AS_OF
    assert release.rows("fct_ledger") == 4
    assert set(release.manifest["tables"]) >= set(publishing.CONTRACT_TABLES)
    with duckdb.connect() as connection:
        rows = connection.execute(f"select customer_id from '{release.table('fct_ledger')}'").fetchall()
    assert len(rows) == 4


def test_a_table_the_release_does_not_hold_is_named(tmp_path: Path) -> None:
    release = publish(warehouse(tmp_path), "r1", AS_OF, "duckdb")
    with pytest.raises(KeyError, match="holds no table fct_dreams"):
        release.table("fct_dreams")


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    rows = ledger(1, 2)
    turned = {"fct_ledger": list(reversed(rows["fct_ledger"]))}
    one = publish(warehouse(tmp_path / "one", rows), "r1", AS_OF, "duckdb")
    two = publish(warehouse(tmp_path / "two", turned), "r1", AS_OF, "duckdb")
    assert one.manifest == two.manifest


def test_a_day_that_did_not_change_is_shared_and_one_that_did_is_written_anew(tmp_path: Path) -> None:
    first = publish(warehouse(tmp_path, ledger(1, 2)), "r1", AS_OF, "duckdb")
    changed = {"fct_ledger": [*ledger(1)["fct_ledger"], *ledger(2, score=6)["fct_ledger"]]}
    second = publish(warehouse(tmp_path, changed), "r2", AS_OF, "duckdb")
    same, other = "fct_ledger/2026-03-01/part-0.parquet", "fct_ledger/2026-03-02/part-0.parquet"
    assert (first.folder / same).stat().st_ino == (second.folder / same).stat().st_ino
    assert (first.folder / other).stat().st_ino != (second.folder / other).stat().st_ino
    assert second.changed_files() == []


def test_a_table_that_did_not_change_is_shared_and_one_with_a_renamed_column_is_not(tmp_path: Path) -> None:
    people = {"dim_reasons": [{"words": "a"}], "dim_customers": [{"customer_id": "c1"}]}
    first = publish(warehouse(tmp_path, people), "r1", AS_OF, "duckdb")
    home = warehouse(tmp_path, people)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as connection:
        connection.execute("alter table marts.dim_reasons rename column words to sentence")
    second = publish(home, "r2", AS_OF, "duckdb")
    same, other = "dim_customers/part-0.parquet", "dim_reasons/part-0.parquet"
    assert (first.folder / same).stat().st_ino == (second.folder / same).stat().st_ino
    assert (first.folder / other).stat().st_ino != (second.folder / other).stat().st_ino
    assert second.changed_files() == []


def test_a_missing_table_refuses_the_release_and_leaves_the_pointer(tmp_path: Path) -> None:
    good = publish(warehouse(tmp_path), "r1", AS_OF, "duckdb")
    home = warehouse(tmp_path, without="fct_consents")
    with pytest.raises(ReleaseRefused, match="missing: fct_consents"):
        publish(home, "r2", AS_OF, "duckdb")
    assert current_release(home) == good
    assert [release.is_certified for release in all_releases(home)] == [True, False]


def test_a_failed_check_of_the_run_refuses_the_release(tmp_path: Path) -> None:
    home = warehouse(tmp_path)
    with pytest.raises(ReleaseRefused, match="3 customers over the cap"):
        publish(home, "r1", AS_OF, "duckdb", checks=[Check("caps hold", False, "3 customers over the cap")])
    assert current_release(home) is None


def test_a_publish_killed_at_any_step_leaves_the_pointer_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    home = warehouse(tmp_path, ledger(1))
    good = publish(home, "r1", AS_OF, "duckdb")
    for step in ("export_table", "data_version", "_seal", "_write_file"):
        program = (
            f"import os, signal, datetime, pathlib\nfrom orchestration import release\n"
            f"from orchestration.paths import Home\nhome = Home(pathlib.Path({str(tmp_path)!r}))\n"
            f"release.{step} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
            f"release.publish(home, 'r2', datetime.datetime(2026, 3, 2), 'duckdb')"
        )
        died = subprocess.run([sys.executable, "-c", program], cwd=Path(publishing.__file__).parent.parent)
        assert died.returncode == -signal.SIGKILL
        assert current_release(home) == good
    after = publish(home, "r2", AS_OF, "duckdb")
    assert current_release(home) == after
    assert [path.name for path in home.releases.glob(".*")] == []


def test_only_the_newest_releases_are_kept_and_never_without_the_current_one(tmp_path: Path) -> None:
    home = warehouse(tmp_path)
    for day in range(4):
        publish(home, f"r{day}", AS_OF + timedelta(days=day), "duckdb", keep=2)
    assert [release.release_id for release in all_releases(home)] == ["r2", "r3"]
    broken = warehouse(tmp_path, without="syncs")
    for day in range(4, 7):
        with pytest.raises(ReleaseRefused):
            publish(broken, f"r{day}", AS_OF, "duckdb", keep=2)
    current = current_release(home)
    assert current is not None
    assert current.release_id == "r3"


def test_what_must_be_remembered_is_told_before_the_pointer_flips_and_only_of_a_certified_release(
    tmp_path: Path,
) -> None:
    told: list[tuple[str, bool]] = []

    def remember(sealed: Release) -> None:
        told.append((sealed.release_id, current_release(home) is None))

    home = warehouse(tmp_path)
    publish(home, "r1", AS_OF, "duckdb", before_flip=remember)
    with pytest.raises(ReleaseRefused):
        publish(home, "r2", AS_OF, "duckdb", checks=[Check("caps hold", False)], before_flip=remember)
    assert told == [("r1", True)]


def test_a_run_that_publishes_again_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    home = warehouse(tmp_path)
    first = publish(home, "run-2026-03-02 06:00:00", AS_OF, "duckdb")
    second = publish(home, "run-2026-03-02 06:00:00", AS_OF, "duckdb")
    assert (first.release_id, second.release_id) == ("run-2026-03-02-06-00-00", "run-2026-03-02-06-00-00-2")
    assert previous_release(home, second) == first


def test_files_are_for_the_owner_only_and_a_changed_byte_is_found(tmp_path: Path) -> None:
    release = publish(warehouse(tmp_path, ledger(1)), "r1", AS_OF, "duckdb")
    modes = {oct(path.stat().st_mode & 0o777) for path in release.folder.rglob("*") if path.is_file()}
    assert modes == {"0o600"}
    with (release.folder / "syncs/part-0.parquet").open("r+b") as file:
        file.seek(10, os.SEEK_SET)
        file.write(b"!")
    assert release.changed_files() == ["syncs/part-0.parquet"]


def test_the_policy_version_is_blind_to_row_order_and_sees_a_changed_cell(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    caps = seeds / "caps.csv"
    versions = []
    for text in ("cap,n\na,1\nb,2\n", "cap,n\nb,2\na,1\n", "cap,n\na,1\nb,3\n"):
        caps.write_text(text)
        versions.append(policy_version(tmp_path))
    assert versions[0] == versions[1] != versions[2]
