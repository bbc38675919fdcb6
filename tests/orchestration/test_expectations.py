"""What lands is held to its contract by Great Expectations, and no page repeats a value."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from orchestration.expectations.landing import asked_of, check_loads
from orchestration.ingestion.contract import Column, StreamContract, load_contracts
from orchestration.ingestion.loads import Load
from orchestration.paths import Home
from tests.orchestration.small_warehouse import AS_OF

TICKETS = StreamContract(
    "desk", "tickets", "", "rest", ("ticket_id",),
    (
        Column("ticket_id", "string", is_required=True),
        Column("status", "string", accepted=("open", "closed"), otherwise="unknown"),
        Column("csat_score", "bigint", minimum=1, maximum=5),
        Column("is_urgent", "boolean"),
        Column("opened_at", "timestamp"),
    ),
)  # fmt: skip


def landed(root: Path, select: str) -> tuple[Home, Load]:
    home = Home(root)
    folder = home.raw / "desk" / "tickets"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"copy ({select}) to '{folder}/one.parquet' (format parquet)")
    return home, Load("one", TICKETS.name, "pull", AS_OF, "one.parquet", 3, 3)


GOOD = (
    "select 't' || i as ticket_id, 'open' as status, case when i = 1 then 5::bigint end as csat_score,"
    " case when i = 1 then true end as is_urgent, timestamp '2026-03-01' as opened_at from range(3) t(i)"
)


def test_a_load_that_fits_its_contract_has_nothing_to_say(tmp_path: Path) -> None:
    home, load = landed(tmp_path, GOOD)
    assert check_loads(home, [(TICKETS, load)]) == {"desk.tickets": []}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("null::text as ticket_id", "ticket_id is always there"),
        ("'paused' as status", "status is one of open, closed, unknown"),
        ("6::bigint as csat_score", "csat_score lies between 1 and 5"),
        ("'yesterday' as opened_at", "opened_at is a timestamp"),
    ],
)
def test_what_breaks_the_contract_is_said_in_words(tmp_path: Path, wrong: str, words: str) -> None:
    home, load = landed(tmp_path, f"select * replace ({wrong}) from ({GOOD})")
    assert check_loads(home, [(TICKETS, load)]) == {"desk.tickets": [words]}


def test_a_missing_column_fails_and_does_not_raise(tmp_path: Path) -> None:
    home, load = landed(tmp_path, f"select * exclude (ticket_id) from ({GOOD})")
    assert "ticket_id is always there" in check_loads(home, [(TICKETS, load)])["desk.tickets"]


def test_the_pages_show_verdicts_and_never_values(tmp_path: Path) -> None:
    home, load = landed(tmp_path, f"select * replace ('secret@example.com' as status) from ({GOOD})")
    pages = tmp_path / "docs"
    check_loads(home, [(TICKETS, load)], pages)
    written = [page.read_text() for page in pages.rglob("*.html")]
    assert any("status is one of open" in page for page in written)
    assert not [page for page in written if re.search(r"(src|href)=.https?:|<script|url\(", page)]
    assert not any("secret@example.com" in page for page in written)


def test_the_index_of_the_pages_says_what_broke_and_leads_to_its_page(tmp_path: Path) -> None:
    home, load = landed(tmp_path, f"select * replace ('paused' as status) from ({GOOD})")
    pages = tmp_path / "docs"
    check_loads(home, [(TICKETS, load)], pages)
    index = (pages / "index.html").read_text()
    assert "status is one of open, closed, unknown" in index
    [link] = re.findall(r'href="([^"]+)"', index)
    assert "Expectation Validation Result" in (pages / link).read_text()


def test_every_declared_stream_has_a_suite_that_counts_rows() -> None:
    for contract in load_contracts().values():
        kinds = [expectation.kind for expectation in asked_of(contract)]
        assert kinds[0] == "ExpectTableRowCountToBeBetween", contract.name
        assert len(kinds) > len(contract.columns) / 2
