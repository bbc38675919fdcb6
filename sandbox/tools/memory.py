"""What the toolbox itself remembers from one start to the next: secrets, ports, the clock."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sandbox.tools.clock import iso, parse

FILE = "toolbox.json"


@dataclass(frozen=True)
class Memory:
    """Secrets by environment variable, ports by tool, and the moment the clock was set to, if it was."""

    secrets: dict[str, str]
    ports: dict[str, int]
    set_to: datetime | None

    @classmethod
    def load(cls, folder: Path) -> Memory:
        """What an earlier start left in the folder, with new secrets where it left none."""
        path = folder / FILE
        known = json.loads(path.read_text()) if path.exists() else {}
        set_to = known.get("set_to")
        return cls(
            secrets={**_new_secrets(), **known.get("secrets", {})},
            ports=known.get("ports", {}),
            set_to=parse(set_to) if set_to else None,
        )

    def save(self, folder: Path) -> None:
        """Write the file whole, readable by its owner only."""
        known = {
            "secrets": self.secrets,
            "ports": self.ports,
            "set_to": iso(self.set_to) if self.set_to else None,
        }
        part = folder / f"{FILE}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file, indent=1)
        part.replace(folder / FILE)


def _new_secrets() -> dict[str, str]:
    webhook = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "SHOP_TOKEN": "shop_" + secrets.token_urlsafe(24),
        "DESK_TOKEN": "desk_" + secrets.token_urlsafe(24),
        "KLAVIYO_API_KEY": "pk_" + secrets.token_hex(17),
        "META_ACCESS_TOKEN": "EAA" + secrets.token_urlsafe(32),
        "META_AD_ACCOUNT": str(10**14 + secrets.randbelow(9 * 10**14)),
        "TILL_TOKEN": "till_" + secrets.token_urlsafe(24),
        "ONSITE_WEBHOOK_SECRET": webhook,
        "INBOX_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
