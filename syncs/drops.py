"""Files handed over by SFTP: `.part`, then rename; rows first, manifest last. Without its manifest none is there."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import paramiko

from syncs.connector import Connector
from syncs.errors import BadSetup, TryLater
from syncs.rows import all_accepted
from syncs.shape import Member, Outcome

# A cell that begins so is run as a formula by a spreadsheet, unless it is a number or a telephone number.
FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9. ()-]*\Z)")


class FileDrop(Connector):
    """One CSV per request, named after it: UTF-8, LF, a header, every cell quoted, no cell a formula."""

    batch_rows = 100_000
    batch_bytes = 50_000_000
    knows_requests = True  # the manifest answers for its request
    connect_seconds: ClassVar[float] = 15.0

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        name, content = f"{object}-{members[0].request_id}", csv_of([self.row(change, m) for m in members])
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

    def row(self, change: str, member: Member) -> dict[str, object]:
        """The cells of a member, by column."""
        return {"change": change} | member.identity | member.payload

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
        key_file, host_key, user, port = (self.secret(variable) for variable in self.secret_variables)
        host = self.secret(self.base_url_variable)
        kind, key = base64.b64decode(host_key).decode().split()[:2]
        known = host if port == "22" else f"[{host}]:{port}"
        client.get_host_keys().add(known, kind, paramiko.PKey.from_type_string(kind, base64.b64decode(key)))
        try:
            client.connect(
                host, int(port), user, key_filename=key_file,
                allow_agent=False, look_for_keys=False, timeout=self.connect_seconds,
            )  # fmt: skip
            with client.open_sftp() as folder:
                yield folder
        except (paramiko.BadHostKeyException, paramiko.AuthenticationException):
            raise BadSetup(f"{self.name}: the host key or our key is not the agreed one") from None
        except (paramiko.SSHException, OSError, EOFError):
            raise TryLater(f"{self.name}: the server does not answer", is_ambiguous=True) from None
        finally:
            client.close()


def csv_of(rows: Sequence[dict[str, object]]) -> bytes:
    """UTF-8, LF, a header, every cell quoted; a cell that a spreadsheet would run begins with an apostrophe."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _tame(value) for column, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _tame(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def _put(folder: paramiko.SFTPClient, name: str, content: bytes) -> None:
    with folder.open(f"{name}.part", "wb") as file:
        file.write(content)
    folder.posix_rename(f"{name}.part", name)
