"""Whatever is delivered: what fits lands, what does not is in quarantine with file, line and every reason."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.orchestration.ingestion.conftest import HEADER, SIX, Kiosk

Line = Callable[..., str]


def test_a_cut_gzip_lands_its_whole_lines_and_is_flagged(kiosk: Kiosk, good: Line) -> None:
    whole = gzip.compress(
        "\n".join([HEADER, *(good(f"r{i}-{i * 7919 % 1000}") for i in range(5000))]).encode()
    )
    (kiosk.landing / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    load = kiosk.ingest_one()
    assert 0 < load.rows_kept < 5000
    assert kiosk.ids() == [f"r{i}-{i * 7919 % 1000}" for i in range(load.rows_kept)]
    assert [flag.split(":")[0] for flag in load.flags] == ["cut off"]
    assert [(line, why) for line, why, _ in kiosk.quarantine()] == [
        (load.rows_kept + 2, "the file is cut off here")
    ]


def test_a_damaged_gzip_is_refused(kiosk: Kiosk, good: Line) -> None:
    data = bytearray(gzip.compress("\n".join([HEADER, *(good(f"r{i}") for i in range(50))]).encode()))
    data[-6] ^= 0xFF  # its checksum
    (kiosk.landing / "a.csv.gz").write_bytes(data)
    load = kiosk.ingest_one()
    assert load.is_refused
    assert kiosk.rows() == []
    assert load.rows_quarantined == len(kiosk.quarantine()) > 0


def test_a_gzip_in_several_members_is_one_file(kiosk: Kiosk, good: Line) -> None:
    parts = [f"{HEADER}\n{good('r1')}\n", f"{good('r2')}\n"]
    (kiosk.landing / "a.csv.gz").write_bytes(b"".join(gzip.compress(p.encode()) for p in parts) + b"\0" * 512)
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r2"]


def test_half_a_line_at_the_end_goes_aside(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop("a.csv", f"{HEADER}\n{good('r1')}\n{good('r2')}\nr3,granted,sa")
    load = kiosk.ingest_one()
    assert kiosk.ids() == ["r1", "r2"]
    assert kiosk.quarantine() == [(4, "3 fields where the header has 10", "r3,granted,sa")]
    assert (load.rows_in, load.rows_kept, load.rows_quarantined) == (3, 2, 1)


def test_wrong_encoding_keeps_its_bytes_and_the_other_rows_land(kiosk: Kiosk, good: Line) -> None:
    odd = good("r2-é").encode("latin-1")
    kiosk.drop("a.csv", b"\n".join([HEADER.encode(), good("r1").encode(), odd, good("r3-é").encode(), b""]))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r3-é"]
    ((line, why, text, raw),) = kiosk.quarantine("line, reasons, raw_text, raw_bytes")
    assert (line, why, raw) == (3, "not UTF-8", odd)
    assert text.startswith("r2-\\xe9,")


def test_a_utf_16_file_is_refused(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop("a.csv", f"{HEADER}\n{good('r1')}\n".encode("utf-16"))
    assert "UTF-16" in kiosk.ingest_one().flags[0]
    assert kiosk.rows() == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"])
def test_bom_and_crlf_change_nothing(kiosk: Kiosk, good: Line, begin: bytes, end: str) -> None:
    lines = [HEADER, good("r1"), "", good("r2", kind='"refund"'), good("r3")]
    kiosk.drop("a.csv", begin + end.join(lines).encode() + end.encode())
    assert kiosk.ingest_one().rows_quarantined == 0
    assert kiosk.rows("receipt_id, kind, _line") == [
        ("r1", "sale", 2),
        ("r2", "refund", 4),
        ("r3", "sale", 5),
    ]


def test_a_nul_byte_costs_its_line(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good("r\0"), good("r3"))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r3"]
    assert [(line, why) for line, why, _ in kiosk.quarantine()] == [(3, "NUL byte in the line")]


def test_a_value_of_another_type_is_named_by_column_and_expected_type(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines(
        "a.csv", good("r1"), good("r2", amount="12.5 EUR", day="31/10/2026"), good("r3"), good("r4")
    )
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r3", "r4"]
    ((line, why, raw),) = kiosk.quarantine()
    assert (line, why) == (3, "amount: expected decimal(18, 2); day: expected date")
    assert raw == good("r2", amount="12.5 EUR", day="31/10/2026")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pieces", "2.5"),
        ("pieces", "0x2"),
        ("share", "inf"),
        ("share", "nan"),
        ("is_gift", "maybe"),
        ("sold_at", "infinity"),
        ("sold_at", "1761976800"),
        ("sold_at", "10/31/2026"),
        ("amount", "1,5".replace(",", ";")),
    ],
)
def test_a_near_miss_is_not_bent_into_shape(kiosk: Kiosk, good: Line, column: str, value: str) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good("r2", **{column: value}))
    kiosk.ingest()
    assert kiosk.ids() == ["r1"]
    assert kiosk.quarantine()[0][1].startswith(f"{column}: expected ")


def test_offsets_become_utc(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines(
        "a.csv", good("r1", sold_at="2026-10-31T10:00:00+02:00", updated_at="2026-10-31T10:00:00.5Z")
    )
    kiosk.ingest()
    expected = (datetime(2026, 10, 31, 8), datetime(2026, 10, 31, 10, 0, 0, 500_000))
    assert kiosk.rows("sold_at, updated_at") == [expected]


def test_a_file_that_mostly_does_not_fit_is_refused_as_a_whole(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good("r2", pieces="two"), good("r3", pieces="three"))
    load = kiosk.ingest_one()
    assert load.is_refused
    assert (load.rows_in, load.rows_kept, load.rows_quarantined) == (3, 0, 3)
    assert kiosk.rows() == []
    assert [line for line, *_ in kiosk.quarantine()] == [2, 3, 4]
    assert kiosk.quarantine()[0][2] == good("r1")


def test_half_of_a_file_unfit_is_not_yet_too_much(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good("r2", pieces="two"))
    assert not kiosk.ingest_one().is_refused
    assert kiosk.ids() == ["r1"]


def test_a_missing_required_column_refuses_the_file(kiosk: Kiosk) -> None:
    kiosk.drop("a.csv", "kind,pieces\nsale,1\nsale,2\n")
    load = kiosk.ingest_one()
    assert load.flags == ("refused: required columns are missing: receipt_id",)
    assert [raw for *_, raw in kiosk.quarantine()] == ["kind,pieces", "sale,1", "sale,2"]


def test_a_missing_optional_column_is_null(kiosk: Kiosk) -> None:
    kiosk.drop("a.csv", "receipt_id,pieces\nr1,1\n")
    kiosk.ingest()
    assert kiosk.rows("receipt_id, pieces, kind, sold_at") == [("r1", 1, None, None)]


def test_a_new_column_is_kept_and_noted(kiosk: Kiosk) -> None:
    kiosk.drop("a.csv", 'receipt_id,mood,Tip\nr1,"go""od",1\nr2,,\n')
    assert kiosk.ingest_one().new_columns == ("mood", "tip")
    assert kiosk.rows("_extra") == [('{"mood":"go\\"od","tip":"1"}',), (None,)]


def test_a_column_that_stands_twice_refuses_the_file(kiosk: Kiosk) -> None:
    kiosk.drop("a.csv", "receipt_id,pieces,pieces\nr1,1,2\n")
    assert kiosk.ingest_one().flags == ("refused: column pieces stands twice in the header",)


@pytest.mark.parametrize("content", ["", "\n\n", "﻿"])
def test_a_file_without_even_a_header_is_refused(kiosk: Kiosk, content: str) -> None:
    kiosk.drop("a.csv", content)
    assert kiosk.ingest_one().is_refused


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson"])
def test_an_empty_feed_is_noted_and_changes_nothing(kiosk: Kiosk, name: str) -> None:
    kiosk.drop(name, f"{HEADER}\n" if name == "a.csv" else "")
    load = kiosk.ingest_one()
    assert load.flags == ("empty: nothing was delivered",)
    assert (load.rows_in, kiosk.rows(), kiosk.quarantine()) == (0, [], [])


def test_events_from_beyond_tomorrow_go_to_quarantine(kiosk: Kiosk, good: Line) -> None:
    near, far = "2026-11-02 06:00:00", "2026-11-02 06:00:00.000001"
    kiosk.drop_lines("a.csv", good("r1", sold_at=near), good("r2", sold_at=far), good("r3", updated_at=far))
    kiosk.ingest(SIX)
    assert kiosk.ids() == ["r1", "r3"]
    assert [why for _, why, _ in kiosk.quarantine()] == ["sold_at: more than 24 hours after it was delivered"]


def test_a_field_of_ten_thousand_characters_is_a_field(kiosk: Kiosk, good: Line) -> None:
    long = "ä" * 10_000
    kiosk.drop_lines("a.csv", good(long), good(f'"{long}, {long}"'))
    kiosk.ingest()
    assert kiosk.ids() == [long, f"{long}, {long}"]


def test_a_line_of_more_than_a_mebibyte_goes_aside(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good("x" * (1 << 20)))
    kiosk.ingest()
    assert kiosk.ids() == ["r1"]
    assert kiosk.quarantine()[0][:2] == (3, "line longer than 1 MiB")


def test_an_unknown_consent_lands_as_unknown_and_is_noted(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1", consent="perhaps"), good("r2"), good("r3", consent=""))
    load = kiosk.ingest_one()
    assert kiosk.rows("receipt_id, consent") == [("r1", "unknown"), ("r2", "granted"), ("r3", None)]
    assert kiosk.quarantine("line, reasons, is_kept") == [
        (2, "consent: unknown value, kept as unknown", True)
    ]
    assert (load.rows_in, load.rows_kept, load.rows_quarantined, load.rows_otherwise) == (3, 3, 1, 1)


def test_every_broken_rule_is_a_reason(kiosk: Kiosk, good: Line) -> None:
    bad = good(" ", kind="loan", pieces="0", amount="x")
    kiosk.drop_lines("a.csv", good("r1"), bad, good("r3", pieces="10"), good("r4"))
    load = kiosk.ingest_one()
    assert kiosk.quarantine() == [
        (
            3,
            "receipt_id: required; kind: not one of sale, refund; pieces: below 1; amount: expected decimal(18, 2)",
            bad,
        ),
        (4, "pieces: above 9", good("r3", pieces="10")),
    ]
    assert load.reasons["pieces: above 9"] == 1
    assert sum(load.reasons.values()) == 5


def test_an_unclosed_quote_costs_one_line(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good('"r2'), good("r3"), good('"r4"'), good("r5", kind='"sale"'))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r3", "r4", "r5"]
    assert kiosk.quarantine() == [(3, "a quote is not closed", good('"r2'))]


def test_an_unclosed_quote_in_a_long_file_costs_one_line(kiosk: Kiosk, good: Line) -> None:
    lines = [good('"r7' if i == 7 else f"r{i}") for i in range(400)]
    kiosk.drop_lines("a.csv", *lines)
    assert kiosk.ingest_one().rows_kept == 399
    assert [line for line, *_ in kiosk.quarantine()] == [9]


def test_text_after_a_closing_quote_is_not_guessed_at(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), good('"r2"x'), good('5" nails'))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", '5" nails']
    assert [why for _, why, _ in kiosk.quarantine()] == ["text after a closing quote"]


def test_a_quoted_field_may_hold_line_breaks(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good('"r1\r\nof ""two"", lines"'), good("r2"))
    kiosk.ingest()
    assert kiosk.rows("receipt_id, _line") == [('r1\nof "two", lines', 2), ("r2", 4)]


def test_rows_without_any_value_go_aside(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), "," * 9, good("r3"))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "r3"]
    assert kiosk.quarantine() == [(3, "every declared column is empty; receipt_id: required", "," * 9)]


def test_lines_that_are_no_json_objects_go_aside(kiosk: Kiosk) -> None:
    lines = [
        '{"receipt_id": "r1"}',
        '{"receipt_id": "r2"',
        "[1]",
        "",
        '{"receipt_id": 4}',
        '{"receipt_id": "r\\u0000"}',
    ]
    kiosk.drop("a.ndjson", "\r\n".join([*lines, *('{"receipt_id": "x"}' for _ in range(3))]))
    kiosk.ingest()
    assert kiosk.ids() == ["r1", "4", "x", "x", "x"]
    assert [(line, why) for line, why, _ in kiosk.quarantine()] == [
        (2, "not a JSON object"),
        (3, "not a JSON object"),
        (6, "NUL character"),
    ]


def test_a_damaged_parquet_file_is_refused(kiosk: Kiosk) -> None:
    kiosk.drop("a.parquet", b"PAR1 and then nothing that helps")
    load = kiosk.ingest_one()
    assert load.flags == ("refused: not a readable Parquet file; send it again",)
    assert kiosk.quarantine("file, line, reasons") == [("a.parquet", 0, load.flags[0])]


def test_an_unknown_kind_of_file_is_refused_once(kiosk: Kiosk) -> None:
    kiosk.drop("a.xlsx", b"PK")
    assert kiosk.ingest_one().is_refused
    assert kiosk.ingest() == []


def test_no_reason_and_no_entry_holds_a_persons_value(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines(
        "a.csv", good("r1"), good("r2", pieces="ann@example.com", day="ann@example.com"), good("r3")
    )
    load = kiosk.ingest_one()
    assert load.rows_quarantined == 1
    assert "ann@" not in load.to_json() + str(kiosk.quarantine("reasons"))


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_names_that_look_like_sql_are_only_names(kiosk: Kiosk, form: str) -> None:
    odd = "it's; drop table x --"
    kiosk.drop(
        f"o'dd[1]*.{form}",
        f"receipt_id,{odd}\nr1,1\n" if form == "csv" else json.dumps({"receipt_id": "r1", odd: 1}),
    )
    assert kiosk.ingest_one().new_columns == (odd,)
    ((name, extra),) = kiosk.rows("_file, _extra")
    assert (name, list(json.loads(extra))) == (f"o'dd[1]*.{form}", [odd])


def test_a_parquet_file_with_a_pattern_for_a_name_is_that_file(kiosk: Kiosk) -> None:
    for name in ("a1", "a[1]", "a*"):
        path = (kiosk.landing / f"{name}.parquet").as_posix()
        pq.write_table(pa.table({"receipt_id": [name], 'mo"od': [1]}), path)
    kiosk.ingest()
    assert sorted(kiosk.ids()) == ["a*", "a1", "a[1]"]


def test_a_quote_open_for_more_than_a_mebibyte_costs_its_line(kiosk: Kiosk, good: Line) -> None:
    long = "x" * 200_000
    kiosk.drop_lines("a.csv", good('"r1'), *(good(f"{long}{number}") for number in range(9)), good('"r2"'))
    assert kiosk.ingest_one().rows_kept == 10
    assert kiosk.quarantine("line, reasons") == [(2, "a quote is not closed")]
