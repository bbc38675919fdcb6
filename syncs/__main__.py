"""`python -m syncs`: every tool there is a connector for, as a table for people. Nothing is asked of any tool."""

from __future__ import annotations

import sys

from syncs.catalogue import connector_for, connector_names
from syncs.connector import Connector

COLUMNS = ("Tool", "Version", "Writes", "Rows a request", "Reads back", "Erases", "Reads")


def facts(connector: Connector) -> tuple[str, ...]:
    """One row of the table."""
    writes = type(connector).write is not Connector.write
    return (
        f"`{connector.name}`",
        connector.version or "–",
        "yes" if writes else "–",
        f"{connector.batch_rows:,}" if writes else "–",
        "yes" if connector.can_list else "–",
        "yes" if connector.can_erase else "–",
        ", ".join(connector.streams) or "–",
    )


def table() -> str:
    """Markdown, a row per tool in order of names."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(facts(connector_for(name, {})) for name in connector_names())]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
