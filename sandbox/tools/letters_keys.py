"""Keys of the letter shop: its server proves itself with one, whoever uploads with the other."""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True)
class Keys:
    """The server's key and the one client key it knows, as files in `folder`. Made once."""

    folder: Path

    @classmethod
    def ready(cls, folder: Path) -> Keys:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("hostkey", "id"):
            if not (folder / name).exists():
                _make(folder / name)
        shutil.copyfile(folder / "id.pub", folder / "authorized_keys")
        return cls(folder)

    @property
    def host_line(self) -> str:
        """The server's public key as a line 'type key', in base64 so that it fits a variable."""
        return base64.b64encode((self.folder / "hostkey.pub").read_bytes().strip()).decode()

    @property
    def client_file(self) -> Path:
        return self.folder / "id"


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    path.with_suffix(".pub").write_bytes(
        key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)
