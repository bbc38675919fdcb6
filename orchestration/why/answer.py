"""The answer as plain data: who, on which evidence, what was considered, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Identifier:
    """One identifier that speaks for the person."""

    identifier_type: str
    identifier: str
    is_shared: bool
    source_count: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Link:
    """Why two identifiers are taken for one person, or are not."""

    left: str
    right: str
    rule: str
    is_accepted: bool
    refusal_reason: str
    evidence_count: int
    sources: str


@dataclass(frozen=True)
class Receipt:
    """What a tool answered."""

    sync_id: str
    change: str
    outcome: str
    code: str
    finished_at: datetime


@dataclass(frozen=True)
class Considered:
    """One message that was considered, with every reason in words, the first one first, and what
    would have had to be different."""

    decided_at: datetime
    run_id: str
    message_id: str
    campaign: str
    channel: str
    outcome: str
    reasons: tuple[str, ...]
    otherwise: str
    lost_to: str
    score: int
    hold_until: datetime | None
    send_after: datetime | None
    decision_id: str
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Contact:
    """One contact with the person on any channel; `by` is Downbeat or another tool."""

    counted_at: datetime
    channel: str
    campaign: str
    message_id: str
    state: str
    by: str
    bought_before: str


@dataclass(frozen=True)
class Standing:
    """A segment or suppression the person is in now."""

    kind: str
    audience: str
    scope_key: str
    reason: str
    expires_at: datetime | None


@dataclass(frozen=True)
class ProgrammeState:
    """Where the person stands, or stood, in a programme: at which step and why; what came of the steps, in order."""

    programme: str
    status: str
    message_id: str
    step: str
    moved_because: str
    steps: tuple[str, ...]
    entered_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Membership:
    """A list that the release wants the person on, and what its tool last answered."""

    sync_id: str
    receipt: Receipt | None


@dataclass(frozen=True)
class Explanation:
    """Everything `downbeat why` says. `window` is the span of days looked at, both ends included."""

    asked: str
    customer_id: str
    release_id: str
    as_of: datetime
    window: tuple[date, date]
    profile: Mapping[str, object]
    former_ids: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    links: tuple[Link, ...]
    consents: Mapping[str, str]
    standing: tuple[Standing, ...]
    programmes: tuple[ProgrammeState, ...]
    considered: tuple[Considered, ...]
    contacts: tuple[Contact, ...]
    memberships: tuple[Membership, ...]

    def to_dict(self) -> dict[str, object]:
        """For --json: every field by its name, moments as ISO text in UTC."""
        return {name: plain(value) for name, value in asdict(self).items()}


def plain(value: object) -> object:
    """The value as JSON knows it."""
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
