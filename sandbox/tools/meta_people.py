"""Who is in Meta's audiences: people put in, taken out, or replaced in one upload session."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from sandbox.tools.meta_api import Person
from sandbox.tools.shape import Misfit, an_object

SCHEMA = """
create table if not exists people (
  audience_id text not null, person text not null, primary key (audience_id, person)
) without rowid;
create table if not exists keys (
  audience_id text not null, key text not null, person text not null, primary key (audience_id, key, person)
) without rowid;
create table if not exists replacements (session_id text not null, audience_id text not null, person text not null);
"""
Session = dict[str, object]
Change = Callable[[sqlite3.Connection, str, Sequence[Person], Session], None]


def add(db: sqlite3.Connection, audience: str, kept: Sequence[Person], _: Session) -> None:
    rows = [(audience, _text(person)) for person in kept]
    keys = [(audience, key, _text(person)) for person in kept for key in _keys(person)]
    db.executemany("insert or ignore into people values (?, ?)", rows)
    db.executemany("insert or ignore into keys values (?, ?, ?)", keys)


def remove(db: sqlite3.Connection, audience: str, kept: Sequence[Person], _: Session) -> None:
    """Everyone who shares an identifier with a row goes, as at Meta: it removes people, not rows."""
    for person in kept:
        for key in _keys(person):
            gone = db.execute("select person from keys where audience_id = ? and key = ?", (audience, key))
            lost = [(audience, str(row[0])) for row in gone.fetchall()]
            db.executemany("delete from people where audience_id = ? and person = ?", lost)
            db.execute("delete from keys where audience_id = ? and key = ?", (audience, key))


def replace(db: sqlite3.Connection, audience: str, kept: Sequence[Person], session: Session) -> None:
    """Gather a session's batches; the last one puts them in the place of everybody."""
    number = str(session["session_id"])
    if session["batch_seq"] == 1:
        db.execute("delete from replacements where audience_id = ?", (audience,))
    staged = [(number, audience, _text(person)) for person in kept]
    db.executemany("insert into replacements values (?, ?, ?)", staged)
    if session["last_batch_flag"]:
        rows = db.execute("select person from replacements where session_id = ? and audience_id = ?",
                          (number, audience)).fetchall()  # fmt: skip
        for table in ("people", "keys", "replacements"):
            db.execute(f"delete from {table} where audience_id = ?", (audience,))
        add(db, audience, [json.loads(row[0]) for row in rows], session)


def _text(person: Person) -> str:
    return json.dumps(dict(sorted(person.items())))


def _keys(person: Person) -> list[str]:
    return [
        f"{name}:{value}"
        for name, value in person.items()
        if name in ("EMAIL", "PHONE", "EXTERN_ID", "MADID")
    ] or [_text(person)]


def session_of(value: object) -> Session:
    session = an_object(
        value, "session", ("session_id", "batch_seq", "last_batch_flag"), ("estimated_num_total",)
    )
    number, place = session["session_id"], session["batch_seq"]
    if not str(number).isdigit() or isinstance(place, bool) or not isinstance(place, int) or place < 1:
        raise Misfit("session", "needs a whole session_id and a batch_seq from 1")
    if not isinstance(session["last_batch_flag"], bool):
        raise Misfit("session/last_batch_flag", "must be true or false")
    return session
