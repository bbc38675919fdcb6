"""Klaviyo's people: profiles with an e-mail, a phone and an outside id, each belonging to one profile only."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping

from sandbox.tools.shape import E164, EMAIL, Misfit, a_text, an_object, the_type
from sandbox.tools.store import Store

SCHEMA = """
create table if not exists profiles (
  id text primary key, email text unique, phone_number text unique, external_id text unique,
  attributes text not null, created text not null, updated text not null
) without rowid;
"""
IDENTIFIERS = ("email", "phone_number", "external_id")
NAMES = ("first_name", "last_name", "organization", "locale", "title", "image", "anonymous_id", "_kx")
ATTRIBUTES = {*IDENTIFIERS, *NAMES, "location", "properties"}
MOST_BYTES = 100_000


def new_id() -> str:
    """An id as Klaviyo makes them: 26 characters, upper case."""
    return "01" + secrets.token_hex(12).upper()


def check_shape(value: object, pointer: str) -> dict[str, object]:
    """A profile resource with known fields only. Returns its attributes, `id` among them where given."""
    resource = an_object(value, pointer, ("type", "attributes"), ("id", "meta"))
    the_type(resource, pointer, "profile")
    attributes = an_object(resource["attributes"], f"{pointer}/attributes", (), ATTRIBUTES)
    for name in ("location", "properties"):
        if attributes.get(name) is not None:
            an_object(attributes[name], f"{pointer}/attributes/{name}", (), None)
    found = {name: part for name, part in attributes.items() if part is not None}
    return {**found, "id": resource["id"]} if resource.get("id") else found


def check_identity(attributes: Mapping[str, object], pointer: str) -> None:
    """At least one identifier, each well-formed. Klaviyo takes e-mails in clear and phones in E.164."""
    if not any(attributes.get(name) for name in ("id", *IDENTIFIERS)):
        raise Misfit(pointer, "needs an id, email, phone_number or external_id")
    email, phone = attributes.get("email"), attributes.get("phone_number")
    if email is not None and not (isinstance(email, str) and EMAIL.fullmatch(email) and len(email) <= 254):
        raise Misfit(f"{pointer}/email", "is not a valid email")
    if phone is not None and not (isinstance(phone, str) and E164.fullmatch(phone)):
        raise Misfit(f"{pointer}/phone_number", "is not a valid E.164 phone number")
    if attributes.get("external_id") is not None:
        a_text(attributes["external_id"], f"{pointer}/external_id", 255)


def upsert(db: sqlite3.Connection, attributes: Mapping[str, object], now: str) -> str:
    """Find the profile by its identifiers or make it, and lay the attributes over it. Returns its id.

    Raises Misfit where the identifiers belong to different profiles, or the id to none.
    """
    identity = {name: _clean(name, attributes.get(name)) for name in IDENTIFIERS if attributes.get(name)}
    found = _find(db, identity)
    if given := attributes.get("id"):
        if not db.execute("select 1 from profiles where id = ?", (given,)).fetchone():
            raise Misfit("/id", "names no profile")
        found.add(str(given))
    if len(found) > 1:
        raise Misfit("", "belongs to more than one profile")
    rest = {name: part for name, part in attributes.items() if name not in (*IDENTIFIERS, "id")}
    if not found:
        made = new_id()
        values = (made, *(identity.get(name) for name in IDENTIFIERS), json.dumps(rest), now, now)
        db.execute("insert into profiles values (?, ?, ?, ?, ?, ?, ?)", values)
        return made
    (profile,) = found
    if rest or len(identity) > 1 or given:
        _lay_over(db, profile, identity, rest, now)
    return profile


def erase(store: Store, body: object) -> None:
    """POST /api/data-privacy-deletion-jobs: one profile by one identifier, with its lists and events."""
    job = an_object(an_object(body, "", ("data",))["data"], "/data", ("type", "attributes"))
    the_type(job, "/data", "data-privacy-deletion-job")
    place = "/data/attributes/profile"
    profile = an_object(
        an_object(job["attributes"], "/data/attributes", ("profile",))["profile"], place, ("data",)
    )
    told = an_object(profile["data"], f"{place}/data", ("type", "attributes"), ("id",))
    the_type(told, f"{place}/data", "profile")
    given = an_object(told["attributes"], f"{place}/data/attributes", (), ("email", "phone_number"))
    named = {**given, **({"id": told["id"]} if "id" in told else {})}
    if len(named) != 1:
        raise Misfit(f"{place}/data", "needs one of id, email and phone_number, and one only")
    ((kind, value),) = named.items()
    with store.write() as db:
        for (own,) in db.execute(f"select id from profiles where {kind} = ?", (str(value),)).fetchall():
            for table in ("members", "events"):
                db.execute(f"delete from {table} where profile_id = ?", (own,))
            db.execute("delete from profiles where id = ?", (own,))


def _find(db: sqlite3.Connection, identity: Mapping[str, str]) -> set[str]:
    found = set()
    for name, value in identity.items():
        if row := db.execute(f"select id from profiles where {name} = ?", (value,)).fetchone():
            found.add(str(row[0]))
    return found


def _lay_over(
    db: sqlite3.Connection, profile: str, identity: Mapping[str, str], rest: Mapping[str, object], now: str
) -> None:
    (before,) = db.execute("select attributes from profiles where id = ?", (profile,)).fetchone()
    known = json.loads(before)
    properties = {**known.get("properties", {}), **dict(rest.get("properties") or {})}  # type: ignore[call-overload]
    after = {**known, **rest, **({"properties": properties} if properties else {})}
    db.execute(
        "update profiles set attributes = ?, updated = ? where id = ?", (json.dumps(after), now, profile)
    )
    for name, value in identity.items():
        db.execute(f"update profiles set {name} = ? where id = ?", (value, profile))


def _clean(name: str, value: object) -> str:
    return str(value).strip().lower() if name == "email" else str(value).strip()


def resource(row: tuple[object, ...]) -> dict[str, object]:
    """A profile as the API shows it. `row`: id, email, phone_number, external_id, attributes, created, updated."""
    identity = dict(zip(IDENTIFIERS, row[1:4], strict=True))
    attributes = {**identity, **json.loads(str(row[4])), "created": row[5], "updated": row[6]}
    return {"type": "profile", "id": row[0], "attributes": attributes}
