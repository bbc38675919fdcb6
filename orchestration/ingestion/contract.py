"""The stream contract as Python sees it: what every record of a stream must look like, read from dbt's source YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.ingestion.marked_yaml import BadContract, Marked, read_yaml
from orchestration.paths import PROJECT

SOURCES = PROJECT / "models" / "staging"
NAME = re.compile(r"[a-z_][a-z0-9_]*")
DATA_TYPE = re.compile(r"string|timestamp|date|double|boolean|bigint|decimal\(\d{1,2}, \d{1,2}\)")
DELIVERIES = ("rest", "file", "webhook", "own")
HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0}
COLUMN_RULES = {"pii", "required", "accepted", "otherwise", "minimum", "maximum"}
STREAM_RULES = {
    "delivery",
    "key",
    "event_time",
    "cursor",
    "refuse_share",
    "overlap_minutes",
    "dagster",
    "owner",
}

__all__ = ["BadContract", "Column", "StreamContract", "load_contracts"]


@dataclass(frozen=True)
class Column:
    """One declared column and what its values must be."""

    name: str
    data_type: str
    pii: str | None = None
    is_required: bool = False
    accepted: tuple[str, ...] = ()
    otherwise: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class StreamContract:
    """One declared stream. Of a file more than refuse_share unfit (0..1) means that nothing of it lands.

    Heard longer ago than fresh_hours, it lets nothing permissive leave; None where its age does not matter.
    """

    source: str
    stream: str
    description: str
    delivery: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event_time: str | None = None
    cursor: str | None = None
    refuse_share: float = 0.5
    overlap_minutes: int = 60
    fresh_hours: float | None = None

    @property
    def name(self) -> str:
        """As dbt says it: source.stream."""
        return f"{self.source}.{self.stream}"

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change when what is asked of a record changes."""
        asked = (self.key, self.columns, self.event_time, self.refuse_share)
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:12]

    def column(self, name: str) -> Column:
        """The declared column of that name. KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]


def load_contracts(sources: Path = SOURCES) -> dict[str, StreamContract]:
    """Every declared stream by name, sorted. BadContract names the file and line that is wrong."""
    found: dict[str, StreamContract] = {}
    for path in sorted(sources.glob("*/_*__sources.yml")):
        for contract in contracts_in(path):
            if contract.name in found:
                raise BadContract(path, 1, f"{contract.name} is declared twice")
            found[contract.name] = contract
    return dict(sorted(found.items()))


def contracts_in(path: Path) -> Iterator[StreamContract]:
    """The streams declared in one source YAML."""
    for source in read_yaml(path).items("sources"):
        for table in source.items("tables"):
            yield stream_contract(source, table)


def stream_contract(source: Marked, table: Marked) -> StreamContract:
    """One table of the YAML as a contract."""
    meta = table.part("config").part("meta")
    meta.allow_only(STREAM_RULES)
    columns = tuple(declared_column(column) for column in table.items("columns"))
    contract = StreamContract(
        source=source.text("name", NAME),
        stream=table.text("name", NAME),
        description=table.text("description", default=""),
        delivery=meta.one_of("delivery", DELIVERIES),
        key=tuple(meta.texts("key")),
        columns=columns,
        event_time=meta.get("event_time"),
        cursor=meta.get("cursor"),
        refuse_share=meta.number("refuse_share", 0.5) or 0.0,
        overlap_minutes=int(meta.number("overlap_minutes", 60) or 0),
        fresh_hours=None
        if meta.get("delivery") == "webhook"  # silence is no sign: perhaps nobody had anything to say
        else fresh_hours(table.part("config").part("freshness").part("warn_after")),
    )
    check_references(contract, table, meta)
    return contract


def fresh_hours(warn_after: Marked) -> float | None:
    """The freshness dbt warns after, in hours; None where none is declared."""
    count = warn_after.number("count", None)
    if count is None:
        return None
    return count * HOURS[warn_after.one_of("period", tuple(HOURS))]


def check_references(contract: StreamContract, table: Marked, meta: Marked) -> None:
    """Key, event time and cursor must be declared columns, each column declared once."""
    names = [column.name for column in contract.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise table.wrong(f"column {twice[0]} is declared twice")
    if not contract.key:
        raise meta.wrong("key: name the columns that identify a record")
    for rule, wanted in (
        ("key", contract.key),
        ("event_time", (contract.event_time,)),
        ("cursor", (contract.cursor,)),
    ):
        for name in wanted:
            if name is not None and name not in names:
                raise meta.wrong(f"{rule}: {name} is not a declared column")
    for rule, name in (("event_time", contract.event_time), ("cursor", contract.cursor)):
        if name is not None and contract.column(name).data_type != "timestamp":
            raise meta.wrong(f"{rule}: {name} must be a timestamp")


def declared_column(column: Marked) -> Column:
    """One column of the YAML with its rules."""
    meta = column.part("config").part("meta")
    meta.allow_only(COLUMN_RULES)
    declared = Column(
        name=column.text("name", NAME),
        data_type=column.text("data_type", DATA_TYPE),
        pii=meta.get("pii"),
        is_required=bool(meta.flag("required")),
        accepted=tuple(meta.texts("accepted")),
        otherwise=meta.get("otherwise"),
        minimum=meta.number("minimum", None),
        maximum=meta.number("maximum", None),
    )
    if declared.accepted and declared.data_type != "string":
        raise meta.wrong(f"accepted: {declared.name} must be a string to have accepted values")
    if declared.otherwise is not None and not declared.accepted:
        raise meta.wrong(f"otherwise: {declared.name} has no accepted values")
    return declared
