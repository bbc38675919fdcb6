"""Where requests may go: https to public addresses. Loopback is for the sandbox and must be asked for."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from syncs.errors import BadSetup

ALLOW_LOOPBACK = "DOWNBEAT_ALLOW_LOOPBACK"
HOSTS, PER_HOST = 32, 4  # hosts whose connections are kept, and how many requests one host gets at a time


def is_loopback_allowed(environment: Mapping[str, str]) -> bool:
    return environment.get(ALLOW_LOOPBACK) == "1"


def checked_base_url(url: str, allow_loopback: bool) -> str:
    """`url` without a trailing slash. Raises BadSetup unless it is https, or http to an allowed loopback."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise BadSetup("the tool's address must be scheme, host and path only")
    if parts.scheme == "https" or (
        parts.scheme == "http" and allow_loopback and _is_loopback(parts.hostname)
    ):
        return url.rstrip("/")
    raise BadSetup("the tool's address must begin with https://")


def refuse_private(address: str, allow_loopback: bool) -> None:
    """Raises BadSetup if a connected `address` is not public. Asked of the open socket, so no name can lie."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if not (ip.is_global or (ip.is_loopback and allow_loopback)) or ip.is_multicast:
        raise BadSetup("the tool's name leads to a private address")


def checked_session(allow_loopback: bool) -> requests.Session:
    """A pooled session that looks at each new connection's peer and takes nothing from the environment."""
    session = requests.Session()
    session.trust_env = False  # no proxy, and no .netrc that would replace our header
    adapter = _CheckedAdapter(allow_loopback)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connection(base: Any, allow_loopback: bool) -> Any:
    class Checked(base):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            connected: socket.socket = super()._new_conn()
            try:
                refuse_private(str(connected.getpeername()[0]), allow_loopback)
            except BadSetup:
                connected.close()
                raise
            return connected

    return Checked


class _CheckedAdapter(HTTPAdapter):
    def __init__(self, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        super().__init__(pool_connections=HOSTS, pool_maxsize=PER_HOST, pool_block=True, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, **settings)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._pool(HTTPConnectionPool, HTTPConnection),
            "https": self._pool(HTTPSConnectionPool, HTTPSConnection),
        }

    def _pool(self, pool: Any, connection: Any) -> Any:
        return type("CheckedPool", (pool,), {"ConnectionCls": _connection(connection, self._allow_loopback)})
