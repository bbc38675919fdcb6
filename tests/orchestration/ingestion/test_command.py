"""The command takes in what waits and shows it; a second time there is nothing new."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from orchestration.ingestion.__main__ import main


def test_the_command_shows_what_landed_and_then_nothing_new(tmp_path: Path) -> None:
    folder = tmp_path / "landing" / "mailhouse" / "campaign_products"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("campaign,product_id\nspring,p1\nspring,\n")
    (tmp_path / "landing" / "mailhouse" / "campagin").mkdir()
    arguments = ["--home", str(tmp_path), "--at", "2026-11-01T06:00:00"]
    first, second = (CliRunner().invoke(main, arguments, catch_exceptions=False).output for _ in range(2))
    assert "a.csv" in first
    assert "1 loads, 1 rows" in first
    assert "required" in first
    assert "Nothing new." in second
    assert "landing/mailhouse/campagin is no declared stream" in second
