"""A stopped person is recognised in every form in which a tool sees them."""

from __future__ import annotations

import pytest

from orchestration.delivery.stops import StopList, StopListUnreadable, forms_of
from tests.orchestration.delivery.receiver import NOON

# Published by the platforms: SHA-256 of the cleaned address, and of the number without its plus.
VECTORS = {
    "john.smith@example.com": "8e621e3d0368631d263d07a351fa8d34fba0d17c15fbcdec11a5f58008d022a0",
    "+15550100199": "90be998a6e4b5bec4f18e14bc56a618ba6dd57100b89276067e3a77ff7140b4a",
}


@pytest.mark.parametrize(("identifier", "hashed"), VECTORS.items())
def test_a_stop_covers_the_plain_and_the_hashed_identifier(world, identifier, hashed):
    stop_list = StopList.of(world.home)
    stop_list.stop(NOON, identifier=identifier)
    assert stop_list.now().covers(None, {"EMAIL": hashed})
    assert stop_list.now().covers("someone", {"email": identifier})
    assert not stop_list.now().covers("someone", {"email": "other@example.com"})


def test_the_other_published_form_of_a_number_is_covered_too():
    assert "82fea6c5f54083ef6e2302f364430f7ca4e0daa597c74c81d61db3aa7bef6436" in forms_of("+15550100199")


def test_a_stop_is_lifted_by_a_later_line_only(world):
    stop_list = StopList.of(world.home)
    stop_list.stop(NOON, customer_id="ann")
    with stop_list.file.open("a") as file:
        file.write('{"customer_id": "ann", "lifted_at": "2026-11-22T00:00:00"}\n')
    assert not stop_list.now().covers("ann", {})


def test_a_stop_list_that_disappears_is_no_empty_list(world):
    stop_list = StopList.of(world.home)
    stop_list.stop(NOON, customer_id="ann")
    stop_list.now()
    stop_list.file.unlink()
    with pytest.raises(StopListUnreadable, match="disappeared"):
        stop_list.now()
