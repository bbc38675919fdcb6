"""A tool nobody here knew: one file in a folder of one's own, and the whole contract suite runs over it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from syncs.described import described
from syncs.errors import BadSetup
from tests.conftest import PROJECT

BREVO = '''"""Brevo: contacts on and off a list, by address, 150 a request. The answer names who was not taken."""

from collections.abc import Sequence

from syncs.connector import Connector
from syncs.rows import except_for
from syncs.shape import Example, Member, Outcome


class Brevo(Connector):
    """`object` is the number of the list. Unsubscribing is another call, and not made here."""

    name = "brevo"
    version = "v3"
    base_url_variable = "BREVO_URL"
    secret_variables = ("BREVO_API_KEY",)
    batch_rows = 150
    example = Example(
        "12", {"email": "ann.secret@example.com"}, status=201, answer={"contacts": {"success": [], "failure": []}}
    )

    def headers(self) -> dict[str, str]:
        return {"api-key": self.secret("BREVO_API_KEY")}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        verb = "remove" if change == "remove" else "add"
        body = {"emails": [self.identity_key(m.identity) for m in members]}
        answer = self.call("POST", f"/v3/contacts/lists/{object}/contacts/{verb}", body, expect=(201,))
        failed = set(answer.get("contacts", "failure"))
        return except_for(members, {m.op_id: "refused" for m in members if self.identity_key(m.identity) in failed})
'''

LOYALTY = """
base_url_variable = "LOYALTY_URL"
secret_variables = ["LOYALTY_TOKEN"]
batch_rows = 200
headers = { Authorization = "Bearer {secret}" }

[add]
method = "POST"
path = "/v1/lists/{object}/members"
rows = "members"
row = { mail = "{email}", tier = "{tier}" }
body = { notify = false }
refused = ["errors"]

[example]
object = "vip"
identity = { email = "ann.secret@example.com" }
answer = { errors = [] }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("connectors")
    (place / "brevo.py").write_text(BREVO, encoding="utf-8")
    (place / "loyalty.toml").write_text(LOYALTY, encoding="utf-8")
    return place


def test_a_file_of_sixty_lines_passes_the_whole_suite_with_no_other_edit(folder):
    assert len(BREVO.splitlines()) <= 60
    command = [sys.executable, "-m", "pytest", "tests/syncs/test_contract.py", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-k", "brevo or loyalty or every_connector"],
        cwd=PROJECT, env={**os.environ, "DOWNBEAT_CONNECTORS": str(folder), "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "failed" not in done.stdout
    (dots,) = re.findall(r"^([.s]+) ", done.stdout, re.MULTILINE)
    assert dots.count(".") >= 40


def test_a_described_tool_says_what_it_does_not_understand(tmp_path):
    file = tmp_path / "odd.toml"
    file.write_text(LOYALTY.replace("\nrows =", "\nrowz ="), encoding="utf-8")
    with pytest.raises(BadSetup, match="nothing reads rowz"):
        described(file)
    file.write_text(LOYALTY.replace("headers =", "# headers ="), encoding="utf-8")
    with pytest.raises(BadSetup, match="headers is missing"):
        described(file)


def test_a_described_tool_is_not_asked_what_nothing_describes(folder):
    kind = described(folder / "loyalty.toml")
    with pytest.raises(BadSetup, match="nothing describes how to remove"):
        kind({}).write("remove", "vip", [])
