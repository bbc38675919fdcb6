"""What a person should know before a run: what is set, what is missing, and the remedy. Never a secret's value."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass

from orchestration.connections import missing_variables
from orchestration.paths import Home
from orchestration.recognition.erasure import SECRET, pepper
from syncs.catalogue import connector_for, connector_names

LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `optional` things may be missing."""

    what: str
    fine: bool
    remedy: str = ""
    optional: bool = False


def findings(home: Home) -> list[Finding]:
    """Everything a run depends on outside the repository, in the order a person would mend it."""
    return [python(), disk(home), java(), sshd(), erasure_secret(), *connections()]


def python() -> Finding:
    return Finding(
        f"Python {sys.version.split()[0]}", sys.version_info >= (3, 11), "install Python 3.11 or newer"
    )


def disk(home: Home) -> Finding:
    place = home.root if home.root.exists() else home.root.parent
    free = shutil.disk_usage(place).free
    return Finding(
        f"{free / 1024**3:.0f} GiB free for {home.root.name}",
        free >= LEAST_FREE_BYTES,
        "free some disk space",
    )


def java() -> Finding:
    return Finding(
        "Java, for --target spark", shutil.which("java") is not None, "install a JRE 17", optional=True
    )


def sshd() -> Finding:
    present = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
    return Finding(
        "OpenSSH server, for the sandbox's letter shop", present is not None, "install openssh-server", True
    )


def erasure_secret() -> Finding:
    """Needed once somebody was erased; a run without it stops, for it would bring them back."""
    return Finding(
        f"secret for erasures ({SECRET})",
        bool(pepper()),
        "set it to a long random text and keep it: `downbeat forget` needs it, and every run after that",
        optional=True,
    )


def connections() -> list[Finding]:
    """Per connector: its address and secrets are in the environment, or the tool is not connected."""
    found = []
    for name in connector_names():
        absent = missing_variables(connector_for(name))
        remedy = f"not connected; set {', '.join(absent)}" if absent else ""
        found.append(Finding(f"connector {name}", not absent, remedy, optional=True))
    return found
