"""The mail house: a CSV and its manifest by SFTP. A file without a manifest is not there yet."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import paramiko

from syncs.connector import Connector
from syncs.errors import BadSetup, TryLater
from syncs.rows import all_accepted
from syncs.shape import Member, Outcome


class LettersSftp(Connector):
    """`.part`, then rename: first the rows, last the manifest (row count, SHA-256, run id)."""

    name = "letters_sftp"
    base_url_variable = "LETTERS_SFTP_HOST"
    secret_variables = (
        "LETTERS_SFTP_KEY_FILE",
        "LETTERS_SFTP_HOST_KEY",
        "LETTERS_SFTP_USER",
        "LETTERS_SFTP_PORT",
    )
    batch_rows = 100_000
    batch_bytes = 50_000_000
    is_repeatable = False  # a second file would be a second letter
    knows_requests = True  # the manifest answers for its request
    connect_seconds: ClassVar[float] = 15.0

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        if change == "remove":
            raise BadSetup("a letter once handed over cannot be taken back")
        name, content = f"{object}-{members[0].request_id}", _csv(members)
        manifest = {
            "file": f"{name}.csv",
            "rows": len(members),
            "sha256": hashlib.sha256(content).hexdigest(),
            "run_id": members[0].request_id,
        }
        with self._folder() as folder:
            _put(folder, f"{name}.csv", content)
            _put(folder, f"{name}.manifest.json", json.dumps(manifest).encode())
        return all_accepted(members)

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        """A request whose manifest is there was taken whole; otherwise what it left is swept away."""
        with self._folder() as folder:
            left = [name for name in folder.listdir() if f"-{job_id}." in name]
            if any(name.endswith(".manifest.json") for name in left):
                return all_accepted(members)
            for name in left:
                folder.remove(name)
        return [Outcome(member.op_id, "not_sent", "no_manifest") for member in members]

    @contextmanager
    def _folder(self) -> Iterator[paramiko.SFTPClient]:
        client = paramiko.SSHClient()
        host, port = self.secret("LETTERS_SFTP_HOST"), int(self.secret("LETTERS_SFTP_PORT"))
        kind, key = base64.b64decode(self.secret("LETTERS_SFTP_HOST_KEY")).decode().split()[:2]
        known = host if port == 22 else f"[{host}]:{port}"
        client.get_host_keys().add(known, kind, paramiko.PKey.from_type_string(kind, base64.b64decode(key)))
        try:
            client.connect(
                host, port, self.secret("LETTERS_SFTP_USER"), key_filename=self.secret("LETTERS_SFTP_KEY_FILE"),
                allow_agent=False, look_for_keys=False, timeout=self.connect_seconds,
            )  # fmt: skip
            with client.open_sftp() as folder:
                yield folder
        except (paramiko.BadHostKeyException, paramiko.AuthenticationException):
            raise BadSetup("the mail house's host key or our key is not the agreed one") from None
        except (paramiko.SSHException, OSError, EOFError):
            raise TryLater("the mail house does not answer", is_ambiguous=True) from None
        finally:
            client.close()


def _put(folder: paramiko.SFTPClient, name: str, content: bytes) -> None:
    with folder.open(f"{name}.part", "wb") as file:
        file.write(content)
    folder.posix_rename(f"{name}.part", name)


def _csv(members: Sequence[Member]) -> bytes:
    """UTF-8, LF, a header, every cell quoted; a machine reads it, so nothing else is done to a cell."""
    rows = [{"decision_id": m.decision_id or ""} | m.identity | m.payload for m in members]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
