"""The shape of a vendor's tool: lists with members, people it knows, windows that count requests, a strict eye."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from sandbox.tools.clock import Clock
from sandbox.tools.pace import Pace, State, Window
from sandbox.tools.shape import Misfit, an_object
from sandbox.tools.tool import Tool
from sandbox.tools.wire import Refusal, Request

T = TypeVar("T")
LISTS = """
create table if not exists lists (id integer primary key autoincrement, name text not null unique);
create table if not exists members (list text not null, key text not null, primary key (list, key)) without rowid;
create table if not exists people (key text primary key, id text not null) without rowid;
create table if not exists jobs (id integer primary key autoincrement, answer text not null);
create table if not exists messages (id integer primary key autoincrement, body text not null);
"""


class Vendor(Tool):
    """`secret_variables`: what a client needs; the first is the key. `windows` are the published rate limits."""

    secret_variables: ClassVar[tuple[str, ...]] = ()
    windows: ClassVar[tuple[Window, ...]] = ()
    path: ClassVar[str] = ""  # what follows the host in the address a client is given
    schema = LISTS

    secrets: Mapping[str, str]

    @classmethod
    def start(cls, folder: Path, clock: Clock, known: dict[str, str], factor: float) -> Self:
        """The tool with its secrets, which are added to `known` where they are new."""
        for variable in cls.secret_variables:
            known.setdefault(variable, cls.new_secret(variable))
        tool = cls(folder, clock, known[cls.secret_variables[0]], Pace(factor))
        tool.secrets = known
        return tool

    @classmethod
    def new_secret(cls, variable: str) -> str:
        """A number where the variable names an account, else a key."""
        if variable.endswith(("_ACCOUNT", "_ADVERTISER", "_SITE")):
            return str(10**9 + secrets.randbelow(9 * 10**9))
        return f"{cls.name}_{secrets.token_urlsafe(24)}"

    # ---- who asks, and how fast --------------------------------------------------------------

    def identify(self, request: Request) -> None:
        """Refuse whoever has not our key."""
        self.need_bearer(request)

    def need_header(self, request: Request, name: str, value: str) -> None:
        if not secrets.compare_digest(request.headers.get(name, "").encode(), value.encode()):
            raise self.refusal(401, "not_authenticated", "The key is missing or wrong.")

    def pace_headers(self, state: State) -> dict[str, str]:  # noqa: ARG002
        """What this tool says of its quota with every answer."""
        return {}

    def admit(self, request: Request) -> dict[str, str]:
        self.identify(request)
        said: dict[str, str] = {}
        for state in self.pace.take("all", *self.windows):
            if state.is_over:
                raise Refusal(self.throttled(state.resets_in))
            said |= self.pace_headers(state)
        return said

    # ---- bodies ------------------------------------------------------------------------------

    def body_of(
        self, request: Request, required: Collection[str] = (), optional: Collection[str] | None = ()
    ) -> dict[str, Any]:
        """The body as an object with these members and no others; a 400 in the tool's dialect for anything else."""
        found: dict[str, Any] = self.fit(lambda: an_object(self.json_of(request), "", required, optional))
        return found

    def fit(self, check: Callable[[], Any]) -> Any:
        """What `check` gives; a Misfit becomes the tool's own 400."""
        try:
            return check()
        except Misfit as misfit:
            raise self.refusal(400, "invalid", str(misfit)) from None

    def fit_each(self, check: Callable[[Any], T], rows: Iterable[object]) -> list[T]:
        """What `check` gives of each row."""
        return [self.fit(lambda row=row: check(row)) for row in rows]  # type: ignore[misc]

    # ---- lists and people --------------------------------------------------------------------

    def lists(self) -> dict[str, str]:
        """Names of lists by id."""
        return {str(row[0]): str(row[1]) for row in self.store.rows("select id, name from lists order by id")}

    def new_list(self, name: str) -> str:
        with self.store.write() as db:
            db.execute("insert or ignore into lists (name) values (?)", (name,))
        return str(self.store.value("select id from lists where name = ?", (name,)))

    def put(self, name: str, keys: Iterable[str]) -> None:
        with self.store.write() as db:
            db.executemany("insert or ignore into members values (?, ?)", [(name, key) for key in keys])

    def drop(self, name: str, keys: Iterable[str]) -> None:
        with self.store.write() as db:
            db.executemany("delete from members where list = ? and key = ?", [(name, key) for key in keys])

    def held(self) -> dict[str, set[str]]:
        """Who is on what."""
        found: dict[str, set[str]] = {name: set() for name in self.lists().values()}
        for name, key in self.store.rows("select list, key from members order by list, key"):
            found.setdefault(str(name), set()).add(str(key))
        return found

    def meet(self, keys: Iterable[str]) -> None:
        """Make people known to the tool, by what a client knows them by."""
        known = self.people()
        new = [key for key in dict.fromkeys(keys) if key not in known]
        with self.store.write() as db:
            last = max(map(int, known.values()), default=100)
            rows = [(key, str(last + place)) for place, key in enumerate(new, 1)]
            db.executemany("insert into people values (?, ?)", rows)

    def erase(self, keys: Iterable[str]) -> int:
        """Keep nothing of these people. Returns how many were known at all."""
        everybody = {*self.people(), *(key for keys in self.held().values() for key in keys)}
        known = [key for key in dict.fromkeys(keys) if key in everybody]
        with self.store.write() as db:
            for table in ("members", "people"):
                db.executemany(f"delete from {table} where key = ?", [(key,) for key in known])
        return len(known)

    def people(self) -> dict[str, str]:
        """The tool's own ids of the people it knows."""
        return {str(key): str(own) for key, own in self.store.rows("select key, id from people order by key")}
