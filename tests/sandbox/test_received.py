"""From what the tools were told to what people get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from sandbox.received import Row, Strangers, sends_from_tools
from sandbox.siloed import is_online
from tests.sandbox.worlds import GO_LIVE, lived

RETAILER = lived(1500, 45)
CONTACTS = RETAILER.world.contacts


@dataclass
class Told:
    """A tool that was told these rows, by day."""

    rows: dict[date, list[Row]] = field(default_factory=dict)
    people: dict[str, set[str | tuple[str, ...]]] = field(default_factory=dict)

    def messages(self, day: date) -> Sequence[Row]:
        return self.rows.get(day, [])

    received = messages

    def audiences(self) -> Mapping[str, set[str | tuple[str, ...]]]:
        return self.people


@dataclass
class Tools:
    klaviyo: Told = field(default_factory=Told)
    onsite: Told = field(default_factory=Told)
    letters: Told = field(default_factory=Told)
    meta: Told = field(default_factory=Told)


def message(**told: object) -> Row:
    return {"message_id": "promo_email", "decision_id": "d1", "received_at": f"{GO_LIVE}T06:00:00Z"} | told


def owner_of(slot: int) -> tuple[int, str]:
    """Somebody who has an e-mail address in this slot, and the address."""
    first = slot * RETAILER.world.people.count
    row = next(i for i in range(first, len(CONTACTS.emails)) if CONTACTS.emails[i].is_valid)
    return row - first, CONTACTS.emails[row].as_py()


def test_contact_points_lead_to_their_true_persons() -> None:
    person, second_address = owner_of(1)
    cookie, card = CONTACTS.cookies[9].as_py(), next(c for c in CONTACTS.cards if c.is_valid)
    tools = Tools(
        klaviyo=Told(
            {GO_LIVE: [message(email=second_address.upper(), product_id="P0041", product_category="garden")]}
        ),
        onsite=Told({GO_LIVE: [message(cookie=cookie, message_id="cart_onsite", decision_id="d2")]}),
        letters=Told({GO_LIVE: [message(loyalty_card=card.as_py(), message_id="winback_letter")]}),
    )
    sends = sends_from_tools(tools, RETAILER, GO_LIVE)
    assert sends.person[:2].tolist() == [person, 9]
    assert sends.slot.tolist() == [1, 0, 0]
    assert sends.decision_id.tolist() == ["d1", "d2", "d1"]
    assert (sends.product[0], sends.category[0]) == (41, 1)
    assert CONTACTS.cards[int(sends.person[2])] == card


def test_strangers_and_unknown_messages_are_dropped_and_counted() -> None:
    _, address = owner_of(0)
    rows = [message(email="nobody@example.org"), message(email=address, message_id="who_wrote_this")]
    strangers = Strangers()
    sends = sends_from_tools(Tools(klaviyo=Told({GO_LIVE: rows})), RETAILER, GO_LIVE, strangers)
    assert len(sends) == 0
    assert strangers.reasons == {"unknown contact point": 1, "unknown message": 1}


def test_a_message_waits_for_its_hour_and_goes_out_once() -> None:
    _, address = owner_of(0)
    held = message(email=address, send_after=f"{GO_LIVE + timedelta(days=1)}T13:30:00Z")
    tools = Tools(klaviyo=Told({GO_LIVE: [held]}))
    counts = [len(sends_from_tools(tools, RETAILER, GO_LIVE + timedelta(days=n))) for n in range(4)]
    assert counts == [0, 1, 0, 0]
    assert sends_from_tools(tools, RETAILER, GO_LIVE + timedelta(days=1)).sent_at.tolist() == [
        13 * 3600 + 1800
    ]


def test_ads_reach_who_is_in_the_audience_not_excluded_and_online() -> None:
    hashes = CONTACTS.email_hashes.to_pylist()
    some = [i for i in range(300) if hashes[i]]
    shown: set[str | tuple[str, ...]] = {hashes[i] for i in some}
    out: set[str | tuple[str, ...]] = {(hashes[i], "") for i in some[:100]}
    tools = Tools(meta=Told(people={"downbeat_retargeting": shown, "downbeat_exclusions": out}))
    sends = sends_from_tools(tools, RETAILER, GO_LIVE)
    online = set(np.flatnonzero(is_online(RETAILER.world, RETAILER.next_day)).tolist())
    assert set(sends.person.tolist()) == set(some[100:]) & online
    assert 0 < len(sends) < 200
    assert set(sends.message_id.tolist()) == {RETAILER.world.messages.index("retarget_ad")}
