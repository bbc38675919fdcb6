"""Gates between a release and the tools: a list that looks wrong may only protect, not add."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from orchestration.expectations.leaving import List, leaving
from orchestration.expectations.suite import judge
from orchestration.gate_measures import lists_of, measured
from orchestration.paths import Home
from orchestration.shelf import Release, all_releases
from orchestration.staleness import stale_inputs
from orchestration.whole import replace_text


class NoSuchList(Exception):
    """The release or list to approve does not exist; the message names those that do."""


@dataclass(frozen=True)
class Verdict:
    """Whether permissive work of a list may go; restrictive work always may. Approval keeps the reasons."""

    sync_id: str
    passed: bool
    reasons: tuple[str, ...] = ()
    approved_by: str = ""

    @property
    def reason(self) -> str:
        """All reasons in one line, with who let it go if someone did."""
        told = "; ".join(self.reasons)
        return f"{told} (let go by {self.approved_by})" if self.approved_by else told


def gates(
    home: Home, release: Release, previous: Release | None, with_pages: bool = True
) -> dict[str, Verdict]:
    """A verdict for every list of the syncs seed, and Data Docs of what was asked. Fails closed.

    A list is frozen by its own suite; a permissive one also by a suppression list of its tool that shrank, and by
    any source that is stale: who withdrew, bought or complained meanwhile is not known.
    """
    stale = stale_inputs(home, release.as_of)
    with duckdb.connect() as connection:
        measured(connection, home, release, previous)
        lists = lists_of(connection)
        pages = home.reports / "data_docs" / "leaving" if with_pages else None
        failed = judge((leaving(connection, known) for known in lists), pages)
    verdicts = {known.sync_id: _verdict(known, lists, failed, release, stale) for known in lists}
    return {sync_id: _approved(home, release, verdict) for sync_id, verdict in verdicts.items()}


def approve(home: Home, release_id: str, sync_id: str, reason: str, person: str = "") -> None:
    """Lets a frozen list go, for this release only, and keeps who said so and why. Raises NoSuchList."""
    known = {release.release_id: release for release in all_releases(home)}
    if release_id not in known:
        raise NoSuchList(f"there is no release {release_id}; there are: {', '.join(known) or 'none'}")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select sync_id from '{known[release_id].table('syncs')}' order by 1"
        ).fetchall()
    if (sync_id,) not in rows:
        raise NoSuchList(f"there is no list {sync_id}; there are: {', '.join(name for (name,) in rows)}")
    file = home.root / "approvals" / f"{release_id}.json"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    entry = {"person": person or getpass.getuser(), "reason": reason}
    replace_text(file, json.dumps(approvals(home, release_id) | {sync_id: entry}, indent=1))


def approvals(home: Home, release_id: str) -> dict[str, Mapping[str, str]]:
    """By list who let it go and why. A file that cannot be read approves nothing."""
    file = home.root / "approvals" / f"{release_id}.json"
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError):
        return {}


def _verdict(
    known: List,
    lists: list[List],
    failed: Mapping[str, list[str]],
    release: Release,
    stale: Sequence[str],
) -> Verdict:
    reasons = [f"does not hold: {words}" for words in failed[known.sync_id]]
    if known.is_permissive:
        reasons += stale
    if not release.is_certified:
        reasons.append(f"release {release.release_id} is not certified")
    for other in lists:
        shaky = (
            other.destination == known.destination and not other.is_permissive and other.rows < other.least
        )
        if shaky and known.is_permissive:
            reasons.append(
                f"{other.sync_id}, which protects people at the same tool, has shrunk beyond belief"
            )
    return Verdict(known.sync_id, not reasons, tuple(reasons))


def _approved(home: Home, release: Release, verdict: Verdict) -> Verdict:
    entry = approvals(home, release.release_id).get(verdict.sync_id)
    if verdict.passed or entry is None or not release.is_certified:
        return verdict
    return replace(verdict, passed=True, approved_by=f"{entry['person']}: {entry['reason']}")
