"""A tool that only exists here: it holds lists and events, and fails in the ways tools fail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.delivery.deliver import deliver
from orchestration.delivery.report import DeliveryReport, Gate
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.errors import BadRows, BadSetup, TryLater
from syncs.shape import Member, Outcome

NOON = datetime(2026, 11, 21, 12)
AUDIENCE, SUPPRESSION, MESSAGES = "tool_audience", "tool_suppression", "tool_messages"
LISTS = [
    (AUDIENCE, "mirror", "permissive"),
    (SUPPRESSION, "mirror", "restrictive"),
    (MESSAGES, "append", "permissive"),
]
OPEN = {sync_id: Gate(True) for sync_id, _, _ in LISTS}


@dataclass
class Receiver:
    """What the tool holds, and every write it saw: (change, list, keys). `faults` are met one per write."""

    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, list[str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)
    late: list[tuple[str, str, list[Member]]] = field(default_factory=list)
    refused: frozenset[str] = frozenset()  # whose protection was refused: nothing to them, others do not wait

    def apply(self, change: str, object: str, members: Sequence[Member]) -> None:
        for member in members:
            value = str(member.identity["email"])
            if object == MESSAGES:
                self.messages.setdefault(str(member.decision_id), value)
            elif change == "remove":
                self.lists.setdefault(object, {}).pop(value, None)
            else:
                self.lists.setdefault(object, {})[value] = json.dumps(member.payload, sort_keys=True)


class ToolConnector(Connector):
    """Speaks to a Receiver in this process."""

    name = "tool"
    batch_rows = 4
    can_list = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__({})
        self.receiver = receiver

    def list_members(self, object):
        yield from self.receiver.lists.get(object, {})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        tool = self.receiver
        tool.seen.append((change, object, [str(m.identity["email"]) for m in members]))
        fault = tool.faults.pop(0) if tool.faults else ""
        if fault == "busy":
            raise TryLater("busy", 30)
        if fault == "key":
            raise BadSetup("the key is wrong")
        if fault == "timeout_before":
            raise TryLater("no answer", is_ambiguous=True)
        if fault == "late":
            tool.late.append((change, object, list(members)))
            raise TryLater("no answer", is_ambiguous=True)
        if fault == "nonsense":
            raise KeyError(members[0].identity["email"])
        refused = [m for m in members if str(m.identity["email"]) in tool.poison]
        if refused:
            raise BadRows("invalid")
        if fault == "partial":
            tool.apply(change, object, members[:1])
            return [Outcome(members[0].op_id, "accepted")]
        tool.apply(change, object, members)
        if fault == "timeout_after":
            raise TryLater("no answer", is_ambiguous=True)
        return [Outcome(m.op_id, "accepted") for m in members]


@dataclass(frozen=True)
class SmallRelease:
    """A release of two tables."""

    folder: Path
    release_id: str

    def table(self, name: str) -> str:
        return str(self.folder / name / "*.parquet")


MEMBERS = pa.schema(
    [
        (name, pa.string())
        for name in (
            "sync_id", "member_key", "identity", "payload", "content_hash", "customer_id", "decision_id", "polarity",
        )
    ]
)  # fmt: skip


def member(sync_id, who, email="", payload=None, decision=None, identity=None):
    """One row of sync_members; the person `who` has the address `email`."""
    told = json.dumps(identity or {"email": email or f"{who}@example.com"})
    content = json.dumps(payload or {}, sort_keys=True)
    polarity = next(p for s, _, p in LISTS if s == sync_id)
    return (sync_id, decision or who, told, content, f"h:{told}{content}", who, decision, polarity)


def release(folder: Path, members: Sequence[tuple], name: str = "r1") -> SmallRelease:
    """Write a release whose lists hold `members`."""
    found = SmallRelease(folder / name, name)
    rows = [dict(zip(MEMBERS.names, row, strict=True)) for row in members]
    _write(found, "sync_members", pa.Table.from_pylist(rows, MEMBERS))
    lists = [
        {"sync_id": s, "destination": "tool", "object": s, "mode": mode, "polarity": polarity}
        for s, mode, polarity in LISTS
    ]
    _write(found, "syncs", pa.Table.from_pylist(lists))
    return found


def _write(found: SmallRelease, table: str, rows: pa.Table) -> None:
    (found.folder / table).mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, found.folder / table / "part-0.parquet")


@dataclass
class World:
    """A home, a tool, and a clock that only moves when told."""

    folder: Path
    receiver: Receiver = field(default_factory=Receiver)
    now: datetime = NOON
    count: int = 0

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    def want(self, *members: tuple) -> SmallRelease:
        self.count += 1
        return release(self.folder, members, f"r{self.count}")

    def deliver(self, wanted: SmallRelease, gates=OPEN, passing=None) -> DeliveryReport:
        return deliver(self.home, wanted, "tool", self.now, ToolConnector(self.receiver), gates, passing)

    def on(self, sync_id: str) -> set[str]:
        return set(self.receiver.lists.get(sync_id, {}))
