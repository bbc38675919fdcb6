"""What comes again of a person who was erased: left out of raw, quarantine and landing before anything reads it.

Nobody's identifiers are known any more, only their salted digests; so every value of a personal column is digested
as every kind of identifier and looked up. Asked only of loads that are new, and only once somebody was erased.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from orchestration.erasure.files import clean
from orchestration.ingestion.commit import shelf
from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.fit import literal, quoted
from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.paths import PROJECT, Home
from orchestration.recognition.erasure import STREAM, digest, must_have_secret
from orchestration.whole import replace_text
from orchestration.why.people import question

TOKEN = re.compile(r"[^\s\"',;:<>(){}\[\]|]{5,}")


def leave_out_erased(home: Home) -> int:
    """Rows and files of erased people that new loads brought again, removed. Returns how many."""
    files = [
        str(stream_folder(home.raw, STREAM) / load.file)
        for load in committed_loads(home, STREAM)
        if load.rows_kept
    ]
    if not files:
        return 0
    with duckdb.connect() as engine:
        rows = engine.execute("select identifier_digest from read_parquet(?)", [files]).fetchall()
        erased = Erased(frozenset(str(found) for (found,) in rows), must_have_secret())
        return sum(
            _look_at(home, engine, contract, erased)
            for contract in load_contracts().values()
            if contract.delivery != "own"
        )


class Erased:
    """Whether a text names somebody who was erased."""

    def __init__(self, digests: frozenset[str], salt: str) -> None:
        self.digests, self.salt = digests, salt
        with (PROJECT / "seeds" / "identifier_types.csv").open(encoding="utf-8", newline="") as file:
            self.kinds = [row["identifier_type"] for row in csv.DictReader(file)]

    def names(self, text: str) -> bool:
        """The whole text as an identifier, or any word of it."""
        return any(self._is_one(each) for each in dict.fromkeys([text, *TOKEN.findall(text)]))

    def _is_one(self, value: str) -> bool:
        spelled = question(value).spellings
        return any(digest(kind, each, self.salt) in self.digests for kind in self.kinds for each in spelled)


def _look_at(home: Home, engine: duckdb.DuckDBPyConnection, contract: StreamContract, erased: Erased) -> int:
    """One stream: its new loads, and its landed files, for one that was delivered before makes no load."""
    mark = stream_folder(home.raw, contract.name) / "_erased_until.json"
    seen = set(json.loads(mark.read_text())) if mark.exists() else set()
    loads = {load.load_id for load in committed_loads(home, contract.name) if load.kind != "empty"} - seen
    landed = {f"{file.name} {file.stat().st_mtime_ns}": file for file in _taken_in(home, contract)}
    if not loads and not landed.keys() - seen:
        return 0
    with shelf(home, contract.name) as held:
        removed = 0
        for load_id in sorted(loads):
            removed += _clean(engine, held.parquet(load_id), _personal(contract), erased)
            removed += _clean(engine, held.quarantine / f"{load_id}.parquet", ["raw_text"], erased)
        for name in sorted(landed.keys() - seen):
            removed += _remove(landed[name], erased)
        replace_text(mark, json.dumps(sorted(seen | loads | landed.keys())))
    return removed


def _taken_in(home: Home, contract: StreamContract) -> list[Path]:
    seen = stream_folder(home.raw, contract.name) / "_seen.json"
    known = json.loads(seen.read_text()) if seen.exists() else {}
    folder = stream_folder(home.landing, contract.name)
    return [file for file in folder.glob("*") if file.is_file() and file.name in known]


def _personal(contract: StreamContract) -> list[str]:
    return [column.name for column in contract.columns if column.pii and column.data_type == "string"] + [
        "_extra"
    ]


def _clean(engine: duckdb.DuckDBPyConnection, file: Path, columns: Iterable[str], erased: Erased) -> int:
    """One Parquet file without the rows in which one of these columns names somebody erased."""
    if not file.exists():
        return 0
    conditions = []
    for column in columns:
        known = engine.execute(f"describe select * from read_parquet({literal(str(file))})").fetchall()
        if column in {str(name) for name, *_ in known}:
            named = [value for value in _values(engine, file, column) if erased.names(value)]
            listed = ", ".join(literal(value) for value in named)
            conditions += [f"cast({quoted(column)} as varchar) in ({listed})"] if named else []
    return clean(engine, file, f"coalesce({' or '.join(conditions)}, false)") if conditions else 0


def _values(engine: duckdb.DuckDBPyConnection, file: Path, column: str) -> Iterator[str]:
    name = quoted(column)
    asked = f"select distinct cast({name} as varchar) from read_parquet({literal(str(file))}) where {name} is not null"
    yield from (str(value) for (value,) in engine.execute(asked).fetchall())


def _remove(file: Path, erased: Erased) -> int:
    """The delivered file itself: what it brought of others is in raw by now."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    if not any(erased.names(word) for word in set(TOKEN.findall(content.decode("utf-8", "replace")))):
        return 0
    file.unlink()
    return 1
