"""Which tools there are: a file each, with code or described."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from syncs import connectors
from syncs.connector import Connector
from syncs.described import described, described_files
from syncs.errors import BadSetup
from syncs.waits import Clock


def connector_names() -> list[str]:
    """Every tool there is a file for, with code or described."""
    modules = (module.name for module in pkgutil.iter_modules(connectors.__path__))
    return sorted({*modules, *described_files(connectors.__path__)})


def connector_for(
    name: str, environment: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Connector:
    """The connector in `syncs/connectors/<name>.py` (or .toml). Raises BadSetup if there is no such file."""
    if name not in connector_names():
        raise BadSetup(f"no connector {name}; there are {', '.join(connector_names())}")
    if file := described_files(connectors.__path__).get(name):
        return described(file)(environment, clock)
    module = importlib.import_module(f"syncs.connectors.{name}")
    found = (kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Connector))
    kind = next(kind for kind in found if kind.__module__ == module.__name__)
    return kind(environment, clock)
