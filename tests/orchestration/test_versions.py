"""What makes identity be built anew rather than going on."""

from __future__ import annotations

from pathlib import Path

from orchestration.project_copy import copy_project
from orchestration.versions import identity_version


def test_a_number_that_identity_goes_by_makes_another_version(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    before = identity_version(project)
    settings = project / "dbt_project.yml"
    changed = settings.read_text().replace("burst_at_least_records: 40", "burst_at_least_records: 41")
    assert changed != settings.read_text()
    settings.write_text(changed)
    assert identity_version(project) != before
