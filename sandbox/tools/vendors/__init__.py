"""More vendors' tools, each written from its published contract. A file here is a tool by existing."""

from __future__ import annotations

import importlib
import pkgutil

from sandbox.tools.vendor import Vendor


def vendor_kinds() -> dict[str, type[Vendor]]:
    """Every vendor's tool by name."""
    kinds = {}
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        here = (kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Vendor))
        kinds[found.name] = next(kind for kind in here if kind.__module__ == module.__name__)
    return kinds
