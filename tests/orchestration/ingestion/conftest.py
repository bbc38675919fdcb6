"""One small stream with every kind of column, and short words for dropping files and looking at what became of them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.ingestion.loads import Load, committed_loads, stream_folder
from orchestration.paths import Home

SIX = datetime(2026, 11, 1, 6)
YAML = """\
version: 2
sources:
  - name: kiosk
    tables:
      - name: receipts
        config: {meta: {delivery: file, key: [receipt_id], event_time: sold_at, cursor: updated_at}}
        columns:
          - {name: receipt_id, data_type: string, config: {meta: {required: true}}}
          - {name: consent, data_type: string, config: {meta: {accepted: [granted, withdrawn], otherwise: unknown}}}
          - {name: kind, data_type: string, config: {meta: {accepted: [sale, refund]}}}
          - {name: pieces, data_type: bigint, config: {meta: {minimum: 1, maximum: 9}}}
          - {name: amount, data_type: "decimal(18, 2)"}
          - {name: share, data_type: double}
          - {name: is_gift, data_type: boolean}
          - {name: day, data_type: date}
          - {name: sold_at, data_type: timestamp}
          - {name: updated_at, data_type: timestamp}
"""
HEADER = "receipt_id,consent,kind,pieces,amount,share,is_gift,day,sold_at,updated_at"
GOOD = "r1,granted,sale,2,9.50,0.5,true,2026-10-31,2026-10-31 10:00:00,2026-10-31 10:00:00"


@dataclass(frozen=True)
class Kiosk:
    """A home, its one stream, and what can be done with it."""

    home: Home
    contract: StreamContract

    @property
    def landing(self) -> Path:
        folder = stream_folder(self.home.landing, self.contract.name)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop(self, name: str, content: str | bytes) -> Path:
        """A file in landing; zipped where its name says so."""
        data = content.encode() if isinstance(content, str) else content
        path = self.landing / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def drop_lines(self, name: str, *lines: str) -> Path:
        """A CSV file with the header and these lines."""
        return self.drop(name, "\n".join([HEADER, *lines, ""]))

    def ingest(self, moment: datetime = SIX) -> list[Load]:
        return ingest_files(self.home, self.contract, moment)

    def ingest_one(self) -> Load:
        (load,) = self.ingest()
        return load

    def loads(self) -> list[Load]:
        return committed_loads(self.home, self.contract.name)

    def rows(self, what: str = "*") -> list[tuple[Any, ...]]:
        """What a reader of the committed loads sees, in the order it came."""
        files = [str(stream_folder(self.home.raw, self.contract.name) / load.file) for load in self.loads()]
        if not files:
            return []
        rows = f"read_parquet({files}, union_by_name = true)"
        return duckdb.sql(f"select {what} from {rows} order by _loaded_at, _file, _line").fetchall()

    def ids(self) -> list[str]:
        return [row[0] for row in self.rows("receipt_id")]

    def quarantine(self, what: str = "line, reasons, raw_text") -> list[tuple[Any, ...]]:
        files = sorted(map(str, stream_folder(self.home.quarantine, self.contract.name).glob("*.parquet")))
        return (
            duckdb.sql(f"select {what} from read_parquet({files}) order by load_id, line").fetchall()
            if files
            else []
        )


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> StreamContract:
    folder = tmp_path_factory.mktemp("contract") / "kiosk"
    folder.mkdir()
    (folder / "_kiosk__sources.yml").write_text(YAML)
    return load_contracts(folder.parent)["kiosk.receipts"]


@pytest.fixture
def kiosk(tmp_path: Path, contract: StreamContract) -> Kiosk:
    return Kiosk(Home(tmp_path), contract)


@pytest.fixture
def good() -> Callable[..., str]:
    """A line that fits, with some fields changed by name."""

    def line(receipt_id: str, **changed: str) -> str:
        fields = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
        return ",".join((fields | {"receipt_id": receipt_id} | changed).values())

    return line
