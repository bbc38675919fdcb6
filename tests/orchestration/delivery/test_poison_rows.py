"""One row in a batch that its tool will not have: it alone is refused, with a code; everybody else is there."""

from __future__ import annotations

import pytest

from orchestration.delivery.sending import Sending
from sandbox.tools.vendors import vendor_kinds
from tests.syncs.conftest import WRITERS, connect, meet, people, toolbox, waiting  # noqa: F401

VENDORS = sorted({*WRITERS} & {*vendor_kinds()} - {"slack_alert", "webhook"})


@pytest.mark.parametrize("name", VENDORS)
def test_the_poison_row_alone_is_refused(connect, toolbox, name):  # noqa: F811
    connector = connect(name)
    connector.timeout = (1.0, 20.0)
    members = people(connector, 8)
    meet(toolbox, connector, [each for place, each in enumerate(members) if place != 5])
    members[5].identity["email"] = "no address"
    sending = Sending(connector, "add", connector.example.object, lambda _: None)
    outcomes = {each.op_id: each for heard in sending.send(members) for each in heard}
    assert sorted(outcomes) == sorted(each.op_id for each in members)
    refused = [each for each in outcomes.values() if each.outcome != "accepted"]
    assert [(each.op_id, each.outcome) for each in refused] == [(members[5].op_id, "rejected")]
    assert refused[0].code
    assert sending.trouble is None
    assert len(toolbox.tool(name).held()[connector.example.object]) >= 7


def test_a_batch_of_which_some_were_refused_is_halved_until_nobody_is(connect, toolbox):  # noqa: F811
    """Google counts its refusals and names no row."""
    google = connect("google_data_manager")
    toolbox.misbehave("google_data_manager", "partial", path_contains=":ingest")
    members = people(google, 8)
    sending = Sending(google, "add", google.example.object, lambda _: None)
    outcomes = [each.outcome for heard in sending.send(members) for each in heard]
    assert outcomes == ["accepted"] * 8
    assert sending.requests == 3
