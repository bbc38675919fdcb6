"""The service desk from software nobody here wrote: django-helpdesk's tickets, over its REST service, as our stream."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.loads import committed_loads
from orchestration.ingestion.pull import ingest_pull
from orchestration.paths import PROJECT, Home
from syncs.asking import pages
from syncs.connector import Connector
from syncs.errors import BadSetup
from syncs.shape import Page
from tests.real_tools import started

PYTHON = Path(os.environ.get("DOWNBEAT_HELPDESK") or PROJECT / ".venv-helpdesk") / "bin" / "python"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="django-helpdesk is not installed: make setup-helpdesk"),
]
STREAM = "desk.tickets"
STATUS = {1: "open", 2: "open", 3: "solved", 4: "closed", 5: "closed"}


class Helpdesk(Connector):
    """No ticket says when it changed: its follow-ups do, of which opening it is the first."""

    name = "desk"
    base_url_variable = "HELPDESK_URL"
    secret_variables = ("HELPDESK_PASSWORD",)
    streams = ("tickets",)

    def headers(self):
        word = base64.b64encode(f"agent:{self.secret('HELPDESK_PASSWORD')}".encode()).decode()
        return {"Authorization": f"Basic {word}"}

    def read(self, stream, since):  # noqa: ARG002
        start = since.replace(tzinfo=since.tzinfo or UTC) if since else datetime.min.replace(tzinfo=UTC)
        found = []
        for answer in pages(self, "/helpdesk/api/tickets/", {"page_size": "2"}, following):
            found += [self.record(ticket) for ticket in answer.get("results")]
        changed = sorted(
            (row for row in found if row["updated_at"] >= start), key=lambda row: row["updated_at"]
        )
        rows = [{name: str(cell) for name, cell in row.items() if cell is not None} for row in changed]
        yield Page(rows, rows[-1]["updated_at"] if rows else None)

    def record(self, ticket):
        told = sorted(ticket["followup_set"], key=lambda each: each["date"])
        moments = [datetime.fromisoformat(each["date"]) for each in told]
        solved = [moment for moment, each in zip(moments, told, strict=True) if each["new_status"] in (3, 4)]
        return {
            "ticket_id": ticket["id"],
            "email": ticket["submitter_email"],
            "subject": ticket["title"],
            "body": ticket["description"],
            "status": "pending" if ticket["on_hold"] else STATUS[int(ticket["status"])],
            "created_at": moments[0],
            "updated_at": moments[-1],
            "solved_at": solved[-1] if solved else None,
        }


def following(answer):
    return {"page": answer.get("next").split("page=")[1].split("&")[0]} if answer.get("next") else None


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory):
    script, folder = Path(__file__).with_name("helpdesk_server.py"), tmp_path_factory.mktemp("helpdesk")
    with started(PYTHON, script, folder, "/helpdesk/api/tickets/", seconds=120) as url:
        yield Helpdesk({"HELPDESK_URL": url, "HELPDESK_PASSWORD": "agentpw", "DOWNBEAT_ALLOW_LOOPBACK": "1"})


def write(helpdesk: Helpdesk, email: str, text: str) -> int:
    """A customer's ticket. Returns its number."""
    body = {"queue": 1, "title": "My order", "description": text, "submitter_email": email, "priority": 3}
    return int(helpdesk.call("POST", "/helpdesk/api/tickets/", body, expect=(201,)).get("id"))


def rows(home: Home) -> list[tuple[str, str, str, bool]]:
    """(ticket, address, status, solved) as last delivered."""
    files = [
        str(home.raw / "desk" / "tickets" / load.file)
        for load in committed_loads(home, STREAM)
        if load.rows_kept
    ]
    return duckdb.execute(
        "select ticket_id, email, status, solved_at is not null from read_parquet(?, union_by_name = true)"
        " qualify row_number() over (partition by ticket_id order by _loaded_at desc) = 1 order by 1",
        [files],
    ).fetchall()


def test_tickets_of_a_real_desk_are_read_whole_then_only_what_changed(helpdesk, tmp_path):
    home, contract = Home(tmp_path / "home"), load_contracts()[STREAM]
    numbers = [write(helpdesk, f"p{n}@example.com", "It broke.\nÄrgerlich, “very” – 😠") for n in range(5)]
    now = datetime.now(UTC).replace(tzinfo=None)
    first = ingest_pull(home, contract, helpdesk, now)
    assert (first.rows_kept, first.rows_quarantined) == (5, 0)
    assert {(email, status, solved) for _, email, status, solved in rows(home)} == {
        (f"p{n}@example.com", "open", False) for n in range(5)
    }
    assert ingest_pull(home, contract, helpdesk, now) is None
    done = {
        "ticket": numbers[2],
        "title": "Solved",
        "comment": "A new one is on its way.",
        "new_status": 3,
        "user": 1,
    }
    helpdesk.call("POST", "/helpdesk/api/followups/", done, expect=(201,))
    write(helpdesk, "late@example.com", "Where is it?")
    ingest_pull(home, contract, helpdesk, datetime.now(UTC).replace(tzinfo=None))
    found = {int(ticket): (email, status, solved) for ticket, email, status, solved in rows(home)}
    assert found[numbers[2]] == ("p2@example.com", "solved", True)
    assert len(found) == 6


def test_a_desk_that_does_not_know_us_asks_for_a_person(helpdesk):
    wrong = Helpdesk({**helpdesk.environment, "HELPDESK_PASSWORD": "other"})
    with pytest.raises(BadSetup, match="refused our key"):
        list(wrong.read("tickets", None))
