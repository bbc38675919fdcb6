"""What the tools were told to send, as messages to true persons; contact points nobody has are counted instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

import numpy as np

from sandbox.catalogue import CHANNELS
from sandbox.history import day_number
from sandbox.noise import Array
from sandbox.retailer import Retailer
from sandbox.sends import MORNING, Sends
from sandbox.siloed import is_online

Row = Mapping[str, object]
HELD_DAYS = 2  # a message may wait this long for its send_after
POINTS = {  # column at the tool: text array of Contacts
    "email": "emails",
    "phone": "phones",
    "device_token": "device_tokens",
    "cookie": "cookies",
    "loyalty_card": "cards",
}
ALIASES = {"phone_number": "phone", "external_id": "device_token", "cookie_id": "cookie"}


class Messenger(Protocol):
    def messages(self, day: date) -> Sequence[Row]: ...


class Receiver(Protocol):
    def received(self, day: date) -> Sequence[Row]: ...


class Advertiser(Protocol):
    def audiences(self) -> Mapping[str, Iterable[str | tuple[str, ...]]]: ...


class ChannelTools(Protocol):
    """The tools that reach people: e-mail, SMS and push; the site's banners; letters; ads."""

    @property
    def klaviyo(self) -> Messenger: ...
    @property
    def onsite(self) -> Receiver: ...
    @property
    def letters(self) -> Receiver: ...
    @property
    def meta(self) -> Advertiser: ...


@dataclass
class Strangers:
    """How many messages of a day went to contact points nobody has, or name no message of the catalogue."""

    count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, count: int = 1) -> None:
        self.count += count
        self.reasons[reason] = self.reasons.get(reason, 0) + count


def sends_from_tools(
    toolbox: ChannelTools, retailer: Retailer, day: date, strangers: Strangers | None = None
) -> Sends:
    """Messages that go out on a day: told to a tool today or in the two days before and due today; ads to whoever is
    in a retargeting audience and in no exclusion. strangers, if given, counts what reaches nobody.
    """
    counted = strangers or Strangers()
    due: list[tuple[Row, int]] = []
    for back in range(HELD_DAYS + 1):
        told = day - timedelta(days=back)
        rows = [
            *toolbox.klaviyo.messages(told),
            *toolbox.onsite.received(told),
            *toolbox.letters.received(told),
        ]
        due += [(row, second) for row in rows if (second := _due_at(row, day)) is not None]
    return Sends.together([_sends(retailer, due, counted), _ads(toolbox, retailer, day, counted)])


def _due_at(row: Row, day: date) -> int | None:
    """Second of the day at which a message goes out; None where that is another day."""
    moments = [_moment(row[name]) for name in ("received_at", "send_after") if row.get(name)]
    at = max(moments, default=datetime.combine(day, datetime.min.time()) + timedelta(seconds=MORNING))
    if at.date() != day:
        return None
    return at.hour * 3600 + at.minute * 60 + at.second


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).replace(tzinfo=None)


def _sends(retailer: Retailer, due: list[tuple[Row, int]], strangers: Strangers) -> Sends:
    messages, products = retailer.world.messages, retailer.world.products
    place = {name: index for index, name in enumerate(messages.ids)}
    shelf = {name: index for index, name in enumerate(products.ids)}
    category = {name: index for index, name in enumerate(products.category_names)}
    known = [(row, second) for row, second in due if str(row.get("message_id")) in place]
    strangers.add("unknown message", len(due) - len(known)) if len(known) < len(due) else None
    person, slot = _people(retailer, [row for row, _ in known])
    strangers.add("unknown contact point", int((person < 0).sum())) if (person < 0).any() else None
    named = np.array([shelf.get(str(row.get("product_id")), -1) for row, _ in known], np.int32)
    told = np.array([category.get(str(row.get("product_category")), -1) for row, _ in known], np.int16)
    sends = Sends(
        person=person.astype(np.int32),
        message_id=np.array([place[str(row["message_id"])] for row, _ in known], np.int16),
        category=np.where(named >= 0, products.category[np.maximum(named, 0)], told).astype(np.int16),
        product=named,
        slot=slot.astype(np.int8),
        decision_id=np.array([str(row.get("decision_id") or "") for row, _ in known] or [""], object)[
            : len(known)
        ],
        sent_at=np.array([second for _, second in known], np.int32),
    )
    return sends.only(np.flatnonzero(person >= 0))


def _people(retailer: Retailer, rows: list[Row]) -> tuple[Array, Array]:
    """(person, address slot) behind the contact point of each row; -1 for strangers."""
    person, slot = np.full(len(rows), -1, np.int64), np.zeros(len(rows), np.int64)
    plain = [{ALIASES.get(name, name): value for name, value in row.items()} for row in rows]
    for column, kind in POINTS.items():
        has = np.array([bool(row.get(column)) for row in plain], bool) & (person < 0)
        places = np.flatnonzero(has)
        if len(places):
            values: list[str | None] = [str(plain[i][column]).strip().lower() for i in places]
            if column in ("device_token", "loyalty_card"):
                values = [str(plain[i][column]).strip() for i in places]
            person[places], found = retailer.world.contacts.owner(kind, values)
            slot[places] = np.maximum(found, 0) if column == "email" else 0
    return person, slot


def _ads(toolbox: ChannelTools, retailer: Retailer, day: date, strangers: Strangers) -> Sends:
    """Expected exposures: of the people in the audience and not excluded, those online today, once."""
    world, state, number = retailer.world, retailer.state, day_number(day)
    shown, excluded = np.zeros(world.people.count, bool), np.zeros(world.people.count, bool)
    for name, members in toolbox.meta.audiences().items():
        known = _hashed(retailer, members, strangers)
        (excluded if "exclu" in name else shown)[known] = True
    person = np.flatnonzero(shown & ~excluded & is_online(world, number)).astype(np.int32)
    recent = number - state.viewed_on[person] <= 30
    product = np.where(recent, state.viewed_product[person], -1)
    category = np.where(product >= 0, world.products.category[np.maximum(product, 0)], -1)
    paid = CHANNELS.index("paid_social")
    message = next(
        (i for i, c in enumerate(world.messages.channel) if c == paid and _follows(world.messages.ids[i])), -1
    )
    return Sends.of(person, message, category, product, 8 * 3600) if message >= 0 else Sends.none()


def _follows(message_id: str) -> bool:
    return message_id.startswith("retarget")


def _hashed(retailer: Retailer, members: Iterable[str | tuple[str, ...]], strangers: Strangers) -> Array:
    """Persons behind hashes of addresses or numbers (one hash or several per member)."""
    found = np.full(0, -1, np.int64)
    cells = [cell if isinstance(cell, tuple) else (cell,) for cell in members]
    flat: list[str | None] = [value for cell in cells for value in cell if value]
    if flat:
        by_mail, _ = retailer.world.contacts.owner("email_hashes", flat)
        by_phone, _ = retailer.world.contacts.owner("phone_hashes", flat)
        found = np.where(by_mail >= 0, by_mail, by_phone)
        if (found < 0).any():
            strangers.add("unknown hash", int((found < 0).sum()))
    return found[found >= 0]
