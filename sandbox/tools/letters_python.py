"""An SFTP server in Python, for machines without OpenSSH's. Same keys, same folder, one user."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from pathlib import Path

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_FAILURE, SFTP_OK
from paramiko.sftp_attr import SFTPAttributes

from sandbox.tools.letters_keys import Keys

LOG = "sandbox.letters"
# a client that hangs up is nothing to speak of: paramiko would tell whoever watches a run of it
logging.getLogger(LOG).addHandler(logging.NullHandler())


class _Door(paramiko.ServerInterface):
    def __init__(self, allowed: paramiko.PKey) -> None:
        self._allowed = allowed

    def get_allowed_auths(self, _username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, _username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if key == self._allowed else AUTH_FAILED

    def check_channel_request(self, kind: str, _chanid: int) -> int:
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Folder(paramiko.SFTPServerInterface):
    """File operations inside one folder; no path leads out of it."""

    home: Path

    def _real(self, path: str) -> Path:
        return self.home / self.canonicalize(path).lstrip("/")

    def _done(self, what: object, *arguments: object) -> int:
        try:
            what(*arguments)  # type: ignore[operator]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return SFTP_OK

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        try:
            entries = sorted(self._real(path).iterdir())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return [SFTPAttributes.from_stat(entry.stat(), entry.name) for entry in entries]

    def stat(self, path: str) -> SFTPAttributes | int:
        try:
            return SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, _attr: SFTPAttributes) -> paramiko.SFTPHandle | int:
        try:
            number = os.open(self._real(path), flags, 0o600)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        mode = "rb+" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb"
        file = os.fdopen(number, mode)
        handle.readfile = file  # type: ignore[attr-defined]
        handle.writefile = file  # type: ignore[attr-defined]
        return handle

    def remove(self, path: str) -> int:
        return self._done(os.remove, self._real(path))

    def rename(self, oldpath: str, newpath: str) -> int:
        """The plain rename fails where the target is there, as OpenSSH's does."""
        if self._real(newpath).exists():
            return SFTP_FAILURE
        return self._done(os.rename, self._real(oldpath), self._real(newpath))

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return self._done(os.replace, self._real(oldpath), self._real(newpath))

    def mkdir(self, path: str, _attr: SFTPAttributes) -> int:
        return self._done(os.mkdir, self._real(path))

    def rmdir(self, path: str) -> int:
        return self._done(os.rmdir, self._real(path))

    def chattr(self, _path: str, _attr: SFTPAttributes) -> int:
        return SFTP_OK


class PythonSftp:
    """The server: one thread that listens, one transport per client."""

    kind = "python"

    def __init__(self, keys: Keys, home: Path, port: int) -> None:
        self._host_key = paramiko.Ed25519Key(filename=str(keys.folder / "hostkey"))
        self._allowed = paramiko.Ed25519Key(filename=str(keys.client_file))
        self._folder = type("Folder", (_Folder,), {"home": home})
        self._transports: list[paramiko.Transport] = []
        self._socket = socket.create_server(("127.0.0.1", port), backlog=32)
        self.port = int(self._socket.getsockname()[1])
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        transport = paramiko.Transport(client)
        transport.set_log_channel(LOG)
        transport.add_server_key(self._host_key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, self._folder)
        self._transports.append(transport)
        try:
            transport.start_server(server=_Door(self._allowed))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()

    def stop(self) -> None:
        """Free the port before this returns: a waiting accept() would hold it open after the close."""
        with contextlib.suppress(OSError):  # macOS wakes accept() at the close and knows no such shutdown
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._listener.join(timeout=5)
        for transport in self._transports:
            transport.close()
