"""dbt's documentation as one page that opens without a server: models, columns, tests, lineage, exposures."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.paths import Home
from orchestration.transform import dbt, target_folder, warehouse_lane


def build_docs(home: Home, target: str = "duckdb") -> Path:
    """Generate the documentation and return the page. Needs a warehouse that was built at least once."""
    with warehouse_lane(home):
        dbt(home, ["docs", "generate", "--static"], target)
    page = home.reports / "models.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(target_folder(home, target) / "static_index.html", page)
    return page
