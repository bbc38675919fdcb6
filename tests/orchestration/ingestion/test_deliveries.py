"""However the same records are cut into files, repeated or shuffled, what is staged from them is the same."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.contract import StreamContract
from orchestration.paths import Home
from tests.orchestration.ingestion.conftest import Kiosk

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(['"', ",", "\n"]), max_size=8)


def staged(kiosk: Kiosk) -> list[tuple[Any, ...]]:
    """The latest delivery of every record, as staging takes it."""
    files = [str(kiosk.home.raw / "kiosk" / "receipts" / load.file) for load in kiosk.loads()]
    return duckdb.sql(
        f"""select receipt_id, kind, pieces from read_parquet({files})
        qualify row_number() over (partition by receipt_id order by _loaded_at desc, _file desc, _line desc) = 1
        order by receipt_id"""
    ).fetchall()


def field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def deliver(
    root: str, contract: StreamContract, batches: list[list[tuple[str, int]]]
) -> list[tuple[Any, ...]]:
    """Batches of (id, pieces) as files, taken in one run each; what is staged then."""
    kiosk = Kiosk(Home(Path(root)), contract)
    for number, batch in enumerate(batches):
        lines = [f"{field(receipt_id)},{pieces}" for receipt_id, pieces in batch]
        kiosk.drop(f"{number}.csv", "\n".join(["receipt_id,pieces", *lines, ""]))
        kiosk.ingest()
    return staged(kiosk)


@settings(max_examples=12, deadline=None)
@given(
    records=st.dictionaries(TEXT.filter(str.strip), st.integers(1, 9), min_size=1, max_size=8),
    order=st.randoms(use_true_random=False),
    cuts=st.lists(st.integers(0, 8), max_size=3),
    repeats=st.lists(st.integers(0, 3), max_size=3),
)
def test_shuffled_repeated_and_split_deliveries_stage_the_same(
    contract: StreamContract, records: dict[str, int], order: Any, cuts: list[int], repeats: list[int]
) -> None:
    whole = list(records.items())
    shuffled = order.sample(whole, len(whole))
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    parts = [shuffled[a:b] for a, b in pairwise(edges)]
    again = [parts[number % len(parts)][::-1] for number in repeats]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        at_once = deliver(one, contract, [whole])
        assert deliver(other, contract, [*parts, *again]) == at_once
    assert {row[0] for row in at_once} == set(records)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(st.binary(max_size=30).filter(lambda raw: b"\n" not in raw), max_size=6))
@example(lines=[b"\0", b"\x1c", "\u2003".encode()])  # blank as text, and no blank line
def test_no_line_is_lost_whatever_its_bytes(contract: StreamContract, lines: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as root:
        kiosk = Kiosk(Home(Path(root)), contract)
        good = [b"good-%d,1" % number for number in range(len(lines) + 1)]
        between = [line for pair in zip(good, [*lines, b""], strict=True) for line in pair]
        kiosk.drop("a.csv", b"\n".join([b"receipt_id,pieces", *between]))
        load = kiosk.ingest_one()
        swallowed = sum(str(row[0]).count("\n") for row in kiosk.rows("receipt_id"))
        blank = sum(1 for line in [*lines, b""] if not line.removesuffix(b"\r").strip())
        assert load.rows_in + swallowed + blank == len(between)
        landed = "\n".join(str(row[0]) for row in kiosk.rows("receipt_id"))
        aside = "\n".join(str(row[0]) for row in kiosk.quarantine("raw_text"))
        assert all(f"good-{number}" in landed + aside for number in range(len(good)))
