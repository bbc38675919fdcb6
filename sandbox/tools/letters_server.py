"""SFTP servers for the letter shop: OpenSSH's own where this machine has it, else one in Python."""

from __future__ import annotations

import contextlib
import getpass
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Protocol

from sandbox.tools.letters_keys import Keys
from sandbox.tools.ports import lasting_port

SSHD = "/usr/sbin/sshd"
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/hostkey
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d {home}
"""


class SftpServer(Protocol):
    kind: str
    port: int

    def stop(self) -> None: ...


def start(keys: Keys, home: Path, port: int = 0) -> SftpServer:
    """A running SFTP server that serves `home` to the holder of the client key."""
    if Path(SSHD).exists():
        return OpenSsh(keys, home, port)
    from sandbox.tools.letters_python import PythonSftp

    return PythonSftp(keys, home, port)


class OpenSsh:
    """OpenSSH's sshd, run by whoever runs this."""

    kind = "openssh"

    def __init__(self, keys: Keys, home: Path, port: int) -> None:
        self.port = port or lasting_port()
        config = keys.folder / "sshd_config"
        config.write_text(CONFIG.format(port=self.port, folder=keys.folder, home=home))
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd insists on it when it is root
        self._log = keys.folder / "sshd.log"
        _end_the_last_one(keys.folder / "sshd.pid", config)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(config)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"sshd did not start; see {self._log}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=5)


def _end_the_last_one(pid_file: Path, config: Path) -> None:
    """End the server that an earlier start left behind when it was killed; any other process is left alone."""
    with contextlib.suppress(OSError, ValueError):
        number = int(pid_file.read_text())
        # sshd writes its own title over its arguments, in one piece.
        if f"-f {config} " in Path(f"/proc/{number}/cmdline").read_text().replace("\0", " "):
            os.kill(number, signal.SIGTERM)
            deadline = time.monotonic() + 2
            while Path(f"/proc/{number}").exists() and time.monotonic() < deadline:
                time.sleep(0.02)


def user() -> str:
    """The name to log in with: whoever runs the server."""
    return getpass.getuser()
