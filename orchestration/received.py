"""What the tools received, day by day, kept beside the release that decided it, to be counted again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from orchestration.holdings import Holding, holdings
from orchestration.paths import PROJECT, Home
from orchestration.recount import Contact, Identity, Recount, cap_breaches, identity_of, read_caps
from orchestration.recount import bad_cases as cases_known
from orchestration.recount import purchases as purchases_known
from orchestration.release import Release
from sandbox.tools import Toolbox

LOOK_BACK_DAYS = 40
POINTS = {"email": "email", "sms": "phone", "push": "device_token"}


@dataclass(frozen=True)
class Sent:
    """A message at a contact point, before anybody says whose it is."""

    kind: str
    point: str
    day: date
    message_id: str
    campaign: str
    channel: str
    product_id: str
    product_category: str
    ours: bool


@dataclass
class Watch:
    """Collects each morning what arrived at the tools."""

    home: Home
    toolbox: Toolbox
    sent: list[Sent] = field(default_factory=list)
    identities: dict[date, Identity] = field(default_factory=dict)

    def note(self, day: date, release: Release) -> None:
        """Write down what every tool received today and who was who in the release that decided it."""
        self.identities[day] = identity_of(release.table("dim_customer_identifiers"))
        self.sent += [
            Sent(
                kind=kind,
                point=point,
                day=day,
                message_id=str(row["message_id"]),
                campaign=str(row["campaign"]),
                channel=channel,
                product_id=str(row.get("product_id") or ""),
                product_category=str(row.get("product_category") or ""),
                ours=True,
            )
            for kind, point, channel, row in messages_at_tools(self.toolbox, day)
        ]

    def writes(self) -> int:
        """How many requests that change something the tools have seen; files of the letter shop count as one each."""
        asked = sum(self.toolbox.requests(method=verb) for verb in ("POST", "PUT", "PATCH", "DELETE"))
        return asked + len(self.toolbox.letters.files())

    def agreement(self, release: Release) -> list[Holding]:
        """Every list, asked of the tools themselves."""
        return holdings(self.toolbox, release, sorted({*self.identities, release.as_of.date()}))

    def recount(self) -> Recount:
        """Every promise, recounted for every day with that day's identities."""
        others = sent_by_others(self.home)
        messages = {row["message_id"]: row for row in read_messages()}
        breaches = buyers = referrals = recognised = 0
        for day, identity in self.identities.items():
            window = [
                s for s in (*others, *self.sent) if day - timedelta(days=LOOK_BACK_DAYS) <= s.day <= day
            ]
            contacts = [
                c for s in window if (c := contact_of(s, identity, messages, s.ours and s.day == day))
            ]
            recognised += sum(contact.ours for contact in contacts)
            today = [c for c in contacts if c.ours and messages[c.message_id]["purpose"] == "marketing"]
            breaches += len(cap_breaches([c for c in contacts if counts(c, messages)], read_caps()))
            bought = purchases_known(self.home, identity)
            buyers += sum((c.customer_id, day - timedelta(days=1), c.product_id) in bought for c in today)
            bad = cases_known(self.home, identity, day)
            referrals += sum(c.category == "referral" and c.customer_id in bad for c in today)
        return Recount(len(self.sent), recognised, breaches, buyers, referrals)


def messages_at_tools(toolbox: Toolbox, day: date) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    """(identifier type, value, channel, row) of every message a tool was given on a day."""
    for row in toolbox.klaviyo.messages(day):
        channel = str(row["channel"])
        kind = POINTS[channel]
        yield kind, str(row[kind]), channel, row
    for row in toolbox.onsite.received(day):
        yield "cookie", str(row.get("cookie") or row.get("cookie_id")), "onsite", row
    for row in toolbox.letters.received(day):
        yield "loyalty_card", str(row["loyalty_card"]), "direct_mail", row


def read_messages() -> list[dict[str, str]]:
    with (PROJECT / "seeds" / "messages.csv").open() as handle:
        return list(csv.DictReader(handle))


def counts(contact: Contact, messages: dict[str, dict[str, str]]) -> bool:
    """Whether a contact takes room: what we do not know of others' messages always does."""
    row = messages.get(contact.message_id)
    return row is None or row["count_to_caps"] == "true"


def contact_of(
    sent: Sent, identity: Identity, messages: dict[str, dict[str, str]], is_judged: bool
) -> Contact | None:
    """The message as a contact of the person recognised at its contact point; None for nobody."""
    customer = identity.get((sent.kind, sent.point))
    if customer is None:
        return None
    row = messages.get(sent.message_id, {})
    return Contact(
        customer_id=customer,
        day=sent.day,
        channel=sent.channel,
        message_id=sent.message_id,
        campaign=row.get("campaign", sent.campaign),
        category=row.get("category", ""),
        exclusion_group=row.get("exclusion_group", ""),
        product_id=sent.product_id,
        product_category=sent.product_category,
        ours=is_judged,
    )


def sent_by_others(home: Home) -> list[Sent]:
    """What the channel teams sent on their own before Downbeat decided, as their tools report it."""
    query = f"""
        select case channel when 'email' then 'email' when 'push' then 'device_token' else 'phone' end,
            case channel when 'email' then lower(trim(email)) when 'push' then device_token else phone end,
            occurred_at::date, coalesce(message_id, ''), coalesce(campaign, ''), channel
        from read_parquet('{home.raw}/klaviyo/events/*.parquet')
        where contact_type = 'sent' and decision_id is null
        union all
        select 'loyalty_card', loyalty_card, mailed_at::date, coalesce(message_id, ''), campaign, 'direct_mail'
        from read_parquet('{home.raw}/mailhouse/mailings/*.parquet') where decision_id is null"""
    with duckdb.connect() as connection:
        rows: Iterable[tuple[str, str, date, str, str, str]] = connection.execute(query).fetchall()
    return [Sent(k, p, d, m, c, channel, "", "", ours=False) for k, p, d, m, c, channel in rows]
