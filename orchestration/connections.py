"""Which tools can be reached: a tool is connected when its address and secrets are in the environment."""

from __future__ import annotations

import os

from orchestration.paths import Home
from syncs.catalogue import connector_for, connector_names
from syncs.connector import Connector


def missing_variables(connector: Connector) -> list[str]:
    """The environment variables a connector still needs, by name; never a value."""
    needed = [connector.base_url_variable, *connector.secret_variables]
    return [variable for variable in needed if variable and not os.environ.get(variable)]


def is_connected(name: str) -> bool:
    """Whether there is a connector of this name and all it needs is set."""
    return name in connector_names() and not missing_variables(connector_for(name))


def destinations(home: Home) -> dict[str, Connector | None]:
    """Every tool we have ever written to, by name; None where it is not connected now."""
    names = sorted(file.stem for file in home.ledgers.glob("[!.]*.duckdb"))
    return {name: connector_for(name) if is_connected(name) else None for name in names}


def holders(home: Home) -> dict[str, Connector | None]:
    """Every tool that may hold a person: those we have written to, and the connected ones that can erase."""
    others = (connector_for(name) for name in connector_names() if is_connected(name))
    return {each.name: each for each in others if each.can_erase} | destinations(home)
