"""Tools that need no code: `<name>.toml` beside the connectors says where rows go and who was refused.

base_url_variable = "LOYALTY_URL"
secret_variables = ["LOYALTY_TOKEN"]
batch_rows = 200
headers = { Authorization = "Bearer {secret}" }
[add]                                  # and [remove], [update]; an update that is not described is an add
method = "POST"
path = "/v1/lists/{object}/members"
rows = "members"                       # where in the body the rows stand; without it the body is the rows
row = { mail = "{email}" }             # or a text: row = "{email}"
body = { notify = false }              # what else the body says
expect = [200, 202]
refused = ["errors"]                   # where the answer lists the identifiers it refused
[example]                              # an ordinary write and its answer, for the contract tests
object = "vip"
identity = { email = "ann@example.com" }
answer = { errors = [] }
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from syncs.connector import Connector
from syncs.errors import BadSetup
from syncs.rows import except_for
from syncs.shape import Example, Member, Outcome

FACTS = {"version", "base_url_variable", "batch_rows", "batch_bytes", "pause_seconds", "is_repeatable"}
ACTS = {"method", "path", "rows", "row", "body", "expect", "refused"}


class Described(Connector):
    """`about` is the file. What it does not describe the tool cannot do."""

    about: ClassVar[Mapping[str, Any]] = {}

    def headers(self) -> dict[str, str]:
        secret = self.secret(self.secret_variables[0])
        return {name: text.format(secret=secret) for name, text in self.about["headers"].items()}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        act = self.about.get(change) or (self.about.get("add") if change == "update" else None)
        if act is None:
            raise BadSetup(f"{self.name}: nothing describes how to {change}")
        rows = [_filled(act["row"], {**m.payload, **m.identity}) for m in members]
        body = {**act.get("body", {}), act["rows"]: rows} if "rows" in act else rows
        path = act["path"].format(object=quote(object, safe=""))
        answer = self.call(act["method"], path, body, expect=tuple(act.get("expect", [200])))
        named = {str(value) for value in answer.get(*act["refused"])} if "refused" in act else set()
        return except_for(
            members, {m.op_id: "refused" for m in members if self.identity_key(m.identity) in named}
        )


def described_files(folders: Iterable[str]) -> dict[str, Path]:
    """Every described tool's file by name."""
    return {file.stem: file for folder in folders for file in sorted(Path(folder).glob("*.toml"))}


def described(file: Path) -> type[Connector]:
    """The connector that a file describes. Raises BadSetup for what is missing, or a key that nothing reads."""
    about = tomllib.loads(file.read_text(encoding="utf-8"))
    acts = {name: about[name] for name in ("add", "update", "remove") if name in about}
    strange = set(about) - FACTS - {"headers", "secret_variables", "example"} - set(acts)
    strange |= {key for act in acts.values() for key in set(act) - ACTS}
    if strange:
        raise BadSetup(f"{file.name}: nothing reads {min(strange)}")
    for key in ("base_url_variable", "secret_variables", "headers", "add"):
        if key not in about:
            raise BadSetup(f"{file.name}: {key} is missing")
    facts = {name: about[name] for name in FACTS if name in about} | {
        "name": file.stem,
        "about": about,
        "secret_variables": tuple(about["secret_variables"]),
        "example": Example(**about["example"]) if "example" in about else None,
        "__doc__": f"Described by {file.name}.",
    }
    return type(file.stem.title(), (Described,), facts)


def _filled(row: Any, values: Mapping[str, Any]) -> Any:
    """A row with each `{name}` replaced; what has no value is left out of a table."""
    if isinstance(row, str):
        return values.get(row[1:-1]) if row.startswith("{") and row.endswith("}") else row
    filled = {name: _filled(cell, values) for name, cell in row.items()}
    return {name: cell for name, cell in filled.items() if cell is not None}
