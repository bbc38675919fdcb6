"""The letter shop: a real SFTP round trip, on OpenSSH where it is installed and in Python always."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import paramiko
import pytest

from sandbox.tools import Toolbox, letters_keys, letters_server
from tests.sandbox.tools.conftest import MORNING

TODAY = date(2026, 3, 2)
HANG_UP = """
import socket, struct, sys, threading
from pathlib import Path
from sandbox.tools.letters_keys import Keys
from sandbox.tools.letters_python import PythonSftp
folder = Path(sys.argv[1])
server = PythonSftp(Keys.ready(folder), folder, 0)
client = socket.create_connection(("127.0.0.1", server.port))
client.recv(1)
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client.close()
for thread in threading.enumerate():
    if type(thread).__name__ == "Transport":
        thread.join(timeout=10)
print("hung up")
"""


@contextmanager
def sftp(known: dict[str, str], key_file: str = "") -> Iterator[paramiko.SFTPClient]:
    """A session that trusts only the host key it was told."""
    kind, key = base64.b64decode(known["LETTERS_SFTP_HOST_KEY"]).decode().split()
    client = paramiko.SSHClient()
    host, port = known["LETTERS_SFTP_HOST"], int(known["LETTERS_SFTP_PORT"])
    client.get_host_keys().add(f"[{host}]:{port}", kind, paramiko.Ed25519Key(data=base64.b64decode(key)))
    try:
        client.connect(
            host, port, known["LETTERS_SFTP_USER"], key_filename=key_file or known["LETTERS_SFTP_KEY_FILE"],
            allow_agent=False, look_for_keys=False, timeout=10,
        )  # fmt: skip
        yield client.open_sftp()
    finally:
        client.close()


@pytest.fixture(params=["openssh", "python"])
def letters(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Toolbox]:
    if request.param == "python":
        monkeypatch.setattr(letters_server, "SSHD", "/nowhere/sshd")
    elif not Path(letters_server.SSHD).exists():
        pytest.skip("OpenSSH's server is not installed here; the Python one is tested all the same")
    with Toolbox.start(tmp_path) as started:
        started.set_time(MORNING)
        assert started.sftp_kind == request.param
        yield started


def drop(
    folder: paramiko.SFTPClient, name: str, text: str, manifest: dict[str, object] | None = None
) -> None:
    said = manifest or {"rows": text.count("\n") - 1, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    for path, content in ((f"{name}.csv", text), (f"{name}.manifest.json", json.dumps(said))):
        with folder.open(f"{path}.part", "wb") as file:
            file.write(content.encode())
        folder.posix_rename(f"{path}.part", path)


def test_a_file_is_put_renamed_and_read_back(letters: Toolbox) -> None:
    text = "loyalty_card,message_id\n" + "".join(f"L{n},winback_letter\n" for n in range(50_000))
    with sftp(letters.environment) as folder:
        drop(folder, "letters-1", text)
        assert sorted(folder.listdir(".")) == ["letters-1.csv", "letters-1.manifest.json"]
        with folder.open("letters-1.csv") as file:
            assert file.read().decode() == text
    assert [path.name for path in letters.letters.files()] == ["letters-1.csv", "letters-1.manifest.json"]
    posted = letters.letters.received(TODAY)
    assert len(posted) == 50_000
    assert posted[7]["loyalty_card"] == "L7"
    assert posted[7]["received_at"] == "2026-03-02T06:00:00.000Z"


def test_a_file_belongs_to_the_day_it_came_in(letters: Toolbox) -> None:
    with sftp(letters.environment) as folder:
        drop(folder, "monday", "card\nL1\n")
        letters.set_time(MORNING + timedelta(days=1))
        drop(folder, "tuesday", "card\nL2\n")
    assert [row["card"] for row in letters.letters.received(TODAY)] == ["L1"]
    assert [row["card"] for row in letters.letters.received(TODAY + timedelta(days=1))] == ["L2"]


def test_half_a_file_and_one_that_belies_its_manifest_are_not_posted(letters: Toolbox) -> None:
    with sftp(letters.environment) as folder:
        with folder.open("half.csv.part", "w") as file:
            file.write("card\nL1\n")
        drop(folder, "short", "card\nL2\n", {"rows": 2, "sha256": hashlib.sha256(b"card\nL2\n").hexdigest()})
        drop(folder, "changed", "card\nL3\n", {"rows": 1, "sha256": "0" * 64})
        with folder.open("alone.csv", "w") as file:
            file.write("card\nL4\n")
    assert letters.letters.received(TODAY) == []
    assert not [path for path in letters.letters.files() if path.name.startswith("half")]
    refused = {
        path.stem: letters.letters.refused(path) for path in letters.letters.files() if path.suffix == ".csv"
    }
    assert "rows" in refused["short"]
    assert "SHA-256" in refused["changed"]
    assert "manifest" in refused["alone"]


def test_the_plain_rename_refuses_to_replace_and_the_posix_one_does(letters: Toolbox) -> None:
    with sftp(letters.environment) as folder:
        for name, text in (("a.part", "new"), ("a", "old")):
            with folder.open(name, "w") as file:
                file.write(text)
        with pytest.raises(OSError, match="Failure"):
            folder.rename("a.part", "a")
        folder.posix_rename("a.part", "a")
        with folder.open("a") as file:
            assert file.read() == b"new"


def test_files_are_listed_looked_at_and_removed(letters: Toolbox) -> None:
    with sftp(letters.environment) as folder:
        folder.mkdir("inbox")
        with folder.open("inbox/a.csv", "w") as file:
            file.write("12345")
        assert folder.stat("inbox/a.csv").st_size == 5
        folder.remove("inbox/a.csv")
        folder.rmdir("inbox")
        assert folder.listdir(".") == []
        with pytest.raises(FileNotFoundError):
            folder.open("inbox/a.csv")


def test_a_strangers_key_does_not_open_the_door(letters: Toolbox, tmp_path: Path) -> None:
    stranger = letters_keys.Keys.ready(tmp_path / "stranger")
    with (
        pytest.raises(paramiko.AuthenticationException),
        sftp(letters.environment, str(stranger.client_file)),
    ):
        pass


def test_no_path_leads_out_of_the_python_servers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_server, "SSHD", "/nowhere/sshd")
    (tmp_path / "secret.txt").write_text("secret")
    with Toolbox.start(tmp_path / "tools") as started, sftp(started.environment) as folder:
        for path in ("../../../secret.txt", str(tmp_path / "secret.txt")):
            with pytest.raises(FileNotFoundError):
                folder.open(path)


def test_a_stopped_server_gives_its_port_back_at_once(letters: Toolbox) -> None:
    keys = letters_keys.Keys.ready(letters.folder / "letters" / "keys")
    first = letters_server.start(keys, letters.letters.home)
    known = {**letters.environment, "LETTERS_SFTP_PORT": str(first.port)}
    with sftp(known) as folder:
        folder.mkdir("inbox")
        first.stop()
        again = letters_server.start(keys, letters.letters.home, first.port)
    with sftp(known) as folder:
        assert folder.listdir(".") == ["inbox"]
    again.stop()


def test_a_client_that_hangs_up_is_nothing_to_speak_of(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HANG_UP, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stdout, told.stderr) == (0, "hung up\n", "")
