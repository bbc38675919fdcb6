"""Ports that are still free at the next start."""

from __future__ import annotations

import random
import socket

# Below what systems hand out to outgoing connections (Linux from 32768, others from 49152): a port remembered from
# an earlier start is not taken meanwhile by somebody's client.
LASTING = range(20_000, 32_768)


def lasting_port() -> int:
    """A port that is free now and that no outgoing connection will be given.

    Raises OSError if a hundred tries find none.
    """
    for port in random.sample(LASTING, 100):
        if _binds(port):
            return port
    raise OSError("no free port between 20000 and 32767; fix the ports with --first-port")


def _binds(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
