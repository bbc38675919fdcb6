"""One question about one person, with everything that answering it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.why.words import hidden


@dataclass(frozen=True)
class Asked:
    """A question about one person, ready to be put: which messages and days, and whether identifiers may show."""

    connection: duckdb.DuckDBPyConnection
    customer_ids: tuple[str, ...]
    message: str
    window: tuple[date, date]
    shows_identifiers: bool

    @property
    def customer_id(self) -> str:
        return self.customer_ids[0]

    def rows(self, query: str, **values: object) -> list[Any]:
        """Rows of a query, which may also name $customer_id and, after `in`, $ids: all ids the person ever had.

        A sequence becomes a list of single parameters: only those let Parquet skip what cannot match.
        """
        given: dict[str, object] = {"customer_id": self.customer_id, "ids": self.customer_ids} | values
        used: dict[str, object] = {}
        for name, value in given.items():
            if f"${name}" in query and isinstance(value, list | tuple):
                singles = {f"{name}_{number}": single for number, single in enumerate(value)}
                query = query.replace(
                    f"${name}", f"({', '.join(f'${single}' for single in singles) or 'null'})"
                )
                used |= singles
            elif f"${name}" in query:
                used[name] = value
        return self.connection.execute(query, used).fetchall()

    def shown(self, identifier: str, kind: str) -> str:
        return identifier if self.shows_identifiers else hidden(identifier, kind)
