"""The engine against software nobody here wrote: membership of Mailman 3 lists, over its REST service."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.delivery.agreement import agreements
from orchestration.delivery.deliver import deliver
from orchestration.paths import PROJECT
from syncs.connector import Connector
from syncs.rows import all_accepted, one_by_one
from tests.orchestration.delivery.receiver import AUDIENCE, OPEN, SUPPRESSION, World, member
from tests.real_tools import started

PYTHON = Path(os.environ.get("DOWNBEAT_MAILMAN") or PROJECT / ".venv-mailman") / "bin" / "python"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="Mailman is not installed: make setup-mailman"),
]


class Mailman(Connector):
    """One request per member: Mailman's REST service has no batches."""

    name = "tool"
    base_url_variable = "MAILMAN_URL"
    secret_variables = ("MAILMAN_PASSWORD",)
    can_list = True

    def headers(self):
        word = base64.b64encode(f"restadmin:{self.secret('MAILMAN_PASSWORD')}".encode()).decode()
        return {"Authorization": f"Basic {word}"}

    def write(self, change, object, members):
        def one(group):
            email, where = str(group[0].identity["email"]), f"{object.replace('_', '-')}.lists.example.com"
            if change == "remove":
                self.call("DELETE", f"/3.1/lists/{where}/member/{quote(email)}", expect=(200, 204, 404))
            else:
                told = {"list_id": where, "subscriber": email, "pre_verified": True, "pre_confirmed": True,
                        "pre_approved": True, "send_welcome_message": False}  # fmt: skip
                self.call("POST", "/3.1/members", told, expect=(201, 409))
            return all_accepted(group)

        return one_by_one(members, one)

    def list_members(self, object):
        where, page, found = f"{object.replace('_', '-')}.lists.example.com", 1, ["first"]
        while found:
            path = f"/3.1/lists/{where}/roster/member"
            answer = self.call("GET", path, params={"count": "3", "page": str(page)})
            found = [entry["email"] for entry in answer.find("entries") or []]
            yield from found
            page += 1


@pytest.fixture(scope="module")
def mailman(tmp_path_factory):
    lists = [name.replace("_", "-") for name in (AUDIENCE, SUPPRESSION)]
    script, folder = Path(__file__).with_name("mailman_server.py"), tmp_path_factory.mktemp("mailman")
    with started(PYTHON, script, folder, "/3.1/system/versions", *lists) as url:
        yield Mailman({"MAILMAN_URL": url, "MAILMAN_PASSWORD": "restpass", "DOWNBEAT_ALLOW_LOOPBACK": "1"})


def test_mailman_holds_exactly_who_is_wanted_and_whom_others_put_there_stays(mailman, tmp_path):
    world = World(tmp_path)
    first = world.want(*(member(AUDIENCE, f"a{n}") for n in range(5)), member(SUPPRESSION, "s1"))
    assert deliver(world.home, first, "tool", world.now, mailman, OPEN).is_well
    mailman.call("POST", "/3.1/members", {"list_id": "tool-audience.lists.example.com", "subscriber": "by@hand.com",
                 "pre_verified": True, "pre_confirmed": True, "pre_approved": True}, expect=(201,))  # fmt: skip
    second = world.want(*(member(AUDIENCE, f"a{n}") for n in range(3, 8)), member(SUPPRESSION, "s2"))
    assert deliver(world.home, second, "tool", world.now, mailman, OPEN).is_well
    wanted = {f"a{n}@example.com" for n in range(3, 8)}
    assert set(mailman.list_members(AUDIENCE)) == wanted | {"by@hand.com"}
    assert set(mailman.list_members(SUPPRESSION)) == {"s2@example.com"}
    assert deliver(world.home, second, "tool", world.now, mailman, OPEN).is_quiet
    found = {each.sync_id: each for each in agreements(world.home, second, "tool", world.now, mailman)}
    assert (found[AUDIENCE].missing, found[AUDIENCE].extra) == (frozenset(), frozenset({"by@hand.com"}))


def test_an_address_that_mailman_refuses_stands_alone(mailman, tmp_path):
    world = World(tmp_path)
    wanted = world.want(member(SUPPRESSION, "x", email="no address"), member(SUPPRESSION, "y"))
    report = deliver(world.home, wanted, "tool", world.now, mailman, OPEN)
    assert (report.rows("rejected"), report.rows("accepted")) == (1, 1)
    assert "y@example.com" in set(mailman.list_members(SUPPRESSION))


def test_a_wrong_password_asks_for_a_person(mailman, tmp_path):
    world = World(tmp_path)
    wrong = Mailman({**mailman.environment, "MAILMAN_PASSWORD": "other"})
    report = deliver(world.home, world.want(member(SUPPRESSION, "z")), "tool", world.now, wrong, OPEN)
    assert report.needs_a_person
    assert "z@example.com" not in str(report)
