"""One file per tool, there by existing; more may lie in the folders that DOWNBEAT_CONNECTORS names."""

from __future__ import annotations

import os

__path__.extend(filter(None, os.environ.get("DOWNBEAT_CONNECTORS", "").split(os.pathsep)))
