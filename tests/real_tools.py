"""Servers nobody here wrote, each in a process and an environment of its own, for as long as a test needs them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests


@contextmanager
def started(
    python: Path, script: Path, folder: Path, path: str, *told: str, seconds: int = 90
) -> Iterator[str]:
    """The address of a server that answers at `path`. The script is given its folder, its port and what is told."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), str(script), str(folder), str(port), *told]
    running = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + seconds
    try:
        while not answers(f"{url}{path}"):
            assert running.poll() is None, f"{script.name} did not start"
            assert time.monotonic() < until, f"{script.name} never answered"
            time.sleep(0.3)
        yield url
    finally:
        running.terminate()
        running.wait()


def answers(url: str) -> bool:
    """Whether anybody is there, whatever they say."""
    try:
        requests.get(url, timeout=10)
    except requests.ConnectionError:
        return False
    return True
