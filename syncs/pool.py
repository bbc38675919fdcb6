"""The one pool of connections that all lanes share: a few per host, kept open, and no cookie from anybody."""

from __future__ import annotations

from functools import cache
from http.cookiejar import DefaultCookiePolicy

import requests

from syncs.addresses import checked_session


@cache
def shared_session(allow_loopback: bool) -> requests.Session:
    """The session of this process. Its adapter keeps hosts apart: one that is slow uses up its own places only."""
    session = checked_session(allow_loopback)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
