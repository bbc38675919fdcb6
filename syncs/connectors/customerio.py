"""Customer.io: people on and off a manual segment, which a person makes first; `object` is its number."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from syncs.connector import Connector
from syncs.erasing import erased_one_by_one
from syncs.rows import all_accepted, by_kind, identified, in_turn
from syncs.shape import Example, Member, Outcome

ID_TYPES = {"email": "email", "external_id": "id"}


class Customerio(Connector):
    """Track API, 1 to 1,000 ids of one type a call. 100 requests a second, and no header says so."""

    name = "customerio"
    version = "v1"
    base_url_variable = "CUSTOMERIO_URL"
    secret_variables = ("CUSTOMERIO_API_KEY", "CUSTOMERIO_SITE")
    batch_rows = 1000
    batch_bytes = 400_000
    pause_seconds = 0.01
    can_erase = True
    example = Example("7", {"email": "ann.secret@example.com"})

    def headers(self) -> dict[str, str]:
        pair = f"{self.secret('CUSTOMERIO_SITE')}:{self.secret('CUSTOMERIO_API_KEY')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        verb = "remove_customers" if change == "remove" else "add_customers"

        def send(group: Sequence[Member]) -> list[Outcome]:
            (kind,) = by_kind(group)
            body = {"ids": [str(m.identity[kind]) for m in group]}
            path, params = f"/api/v1/segments/{object}/{verb}", {"id_type": ID_TYPES[kind]}
            self.call("POST", path, body, params).get()
            return all_accepted(group)

        members, strange = identified(members, lambda m: set(by_kind([m])) & set(ID_TYPES))
        return strange + in_turn(list(by_kind(members).values()), send)

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Delete and not suppress: who comes back of their own will is welcome. It never says it knew nobody."""

        def ask(_: str, value: str) -> bool:
            return self.call("DELETE", f"/api/v1/customers/{quote(value, safe='@')}").get() is not None

        return erased_one_by_one(identities, ID_TYPES, ask)
