"""How the Parquet files of a release lie: what rows lie together by, and how many of them in one row group."""

from __future__ import annotations

from collections.abc import Sequence

LEADING = {
    "customers_by_identifier": ("identifier",),
    "fct_record_identifiers": ("record_id",),
    "fct_ledger": (
        "customer_id", "run_id", "first_reason", "lost_to", "reason_mask", "score", "message_id", "instance"
    ),
}  # fmt: skip
"""What a table's rows lie together by, where that is not the customer alone: what a table is asked for comes first, and
rows that are alike take a fifth less."""

TOTAL = {"fct_ledger"}
"""Tables of which that is a total order, as it holds their key: other columns need not be sorted by."""

MANY = 8_000_000
"""From so many rows on a question waits for the list of a file's row groups, not for the rows of the one it reads."""

FEWER_TOGETHER, MORE_TOGETHER = 30_720, 122_880
"""Rows in a row group: what a question about one person reads at least of a table."""


def parquet_of(rows: int) -> str:
    """COPY options for a file of so many rows: numbers that seldom repeat go as differences, not as a dictionary."""
    return (
        "(format parquet, compression zstd, parquet_version v2, dictionary_size_limit 4000,"
        f" row_group_size {FEWER_TOGETHER if rows < MANY else MORE_TOGETHER})"
    )


def sorted_by(table: str, columns: Sequence[str]) -> list[str]:
    """The columns by which a table is sorted: two exports of the same rows are the same bytes.

    The customer comes first, so that one person's rows lie together and a question about them skips the rest.
    """
    leading = [name for name in LEADING.get(table, ("customer_id",)) if name in columns]
    return leading if table in TOTAL else leading + [name for name in columns if name not in leading]
