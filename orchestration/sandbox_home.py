"""A home that a demonstration may clear: marked as such, so that nobody's real home is ever wiped."""

from __future__ import annotations

import shutil

from orchestration.paths import Home

MARK = "SANDBOX"


class NotASandbox(Exception):
    """The home holds something a demonstration did not make. Point DOWNBEAT_HOME at another folder."""


def fresh_sandbox(home: Home) -> None:
    """Empty a sandbox home, or mark an empty folder as one. Raises NotASandbox for anything else."""
    if home.root.exists() and any(home.root.iterdir()):
        if not (home.root / MARK).exists():
            raise NotASandbox(
                f"{home.root.name} holds data that no demonstration made; "
                "set DOWNBEAT_HOME to an empty folder and try again"
            )
        shutil.rmtree(home.root)
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / MARK).write_text("Made by `downbeat demo`; the next demo clears it.\n")
