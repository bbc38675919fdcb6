"""Publish what stands in a warehouse, as one stage of the benchmark."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.moment import as_utc
from orchestration.paths import Home
from orchestration.release import publish

if __name__ == "__main__":
    publish(Home(Path(sys.argv[1])), "benchmark", as_utc(sys.argv[2]), "duckdb")
