"""The planted truths: relevance helps; fatigue, bad timing and deafness cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sandbox.noise import Array
from sandbox.reactions import Reactions, react
from sandbox.retailer import Retailer
from sandbox.sends import Sends
from tests.sandbox.worlds import lived, to_all


def everyone(retailer: Retailer) -> Array:
    return np.arange(retailer.world.people.count)


def answers(retailer: Retailer, sends: Sends) -> Reactions:
    nobody = np.zeros(retailer.world.people.count, bool)
    return react(retailer.world, retailer.state, sends, retailer.next_day, nobody)


def world() -> Retailer:
    """Twenty thousand rested, content people who bought nothing lately."""
    retailer = lived(20_000, 2)
    state = retailer.state
    state.fatigue[:] = 0
    state.goodwill[:] = 1
    state.category_on[:] = -1000
    state.bought_on[:] = -1000
    state.upset_until[:] = state.unhappy_until[:] = -1000
    return retailer


def test_people_answer_what_concerns_them() -> None:
    retailer = world()
    affinity = retailer.world.people.traits.affinity
    loved = answers(retailer, to_all(retailer, "promo_email", everyone(retailer), affinity.argmax(axis=1)))
    ignored = answers(retailer, to_all(retailer, "promo_email", everyone(retailer), affinity.argmin(axis=1)))
    assert loved.clicked.sum() > 5 * max(1, ignored.clicked.sum())
    assert loved.caused.sum() > ignored.caused.sum()


def test_tired_people_answer_less_and_leave_more() -> None:
    retailer = world()
    sends = to_all(retailer, "loyalty_push", everyone(retailer))
    rested = answers(retailer, sends)
    retailer.state.fatigue[:] = 20
    tired = answers(retailer, sends)
    assert tired.clicked.sum() < rested.clicked.sum() / 3
    assert tired.left.sum() > 5 * max(1, rested.left.sum())


def test_many_messages_on_one_day_tire_too() -> None:
    retailer = world()
    one = to_all(retailer, "loyalty_push", everyone(retailer))
    others = ("promo_email", "promo_sms", "promo_push", "arrivals_email")
    many = Sends.together([one, *(to_all(retailer, other, everyone(retailer)) for other in others)])
    alone, crowded = answers(retailer, one), answers(retailer, many)
    assert crowded.clicked[: len(one)].sum() < alone.clicked.sum()


def test_being_sold_what_one_just_bought_sells_nothing_and_drives_people_away() -> None:
    retailer = world()
    product = np.full(retailer.world.people.count, 7, np.int32)
    sends = to_all(retailer, "crosssell_email", everyone(retailer), 0, product)
    wanted = answers(retailer, sends)
    retailer.state.bought_product[:] = product
    retailer.state.bought_on[:] = retailer.next_day - 1
    annoyed = answers(retailer, sends)
    assert wanted.clicked.sum() > 0
    assert annoyed.clicked.sum() == annoyed.caused.sum() == 0
    assert annoyed.left.sum() > 5 * max(1, wanted.left.sum())


def test_asking_for_a_favour_after_bad_service_drives_people_away_and_sours_them() -> None:
    retailer, calm = world(), world()
    sends = to_all(retailer, "referral_email", everyone(retailer))
    content = answers(calm, sends)
    retailer.state.upset_until[:] = retailer.next_day + 3
    upset = answers(retailer, sends)
    assert upset.left.sum() > 5 * max(1, content.left.sum())
    from sandbox.day import live_through

    decisions = np.full(len(sends), -1)
    for each in (retailer, calm):
        live_through(each.world, each.state, each.next_day, sends, decisions)
    assert retailer.state.goodwill.mean() < calm.state.goodwill.mean() - 0.01


def test_goodwill_and_rest_bring_people_back_to_the_shops() -> None:
    from sandbox.shopping import would_buy

    retailer = world()
    content = would_buy(retailer.world, retailer.state, retailer.next_day)
    retailer.state.goodwill[:] = 0.5
    sour = would_buy(retailer.world, retailer.state, retailer.next_day)
    assert sour.sum() < content.sum() * 0.7
    assert not (sour & ~content).any(), (
        "the same luck: whoever buys in a bad mood would have bought in a good one"
    )


def test_those_who_buy_anyway_click_more_but_are_not_caused() -> None:
    retailer = world()
    sends = to_all(retailer, "promo_email", everyone(retailer), 1)
    anyway = np.ones(retailer.world.people.count, bool)
    buyers = react(retailer.world, retailer.state, sends, retailer.next_day, anyway)
    assert buyers.caused.sum() == 0
    assert buyers.clicked.sum() > answers(retailer, sends).clicked.sum()


def test_a_dead_mailbox_bounces_and_does_nothing_else() -> None:
    retailer = world()
    dead = np.flatnonzero(retailer.world.people.belongings.is_dead_mailbox)
    said = answers(retailer, to_all(retailer, "promo_email", dead, 1))
    assert said.bounced.all()
    assert not (said.opened | said.opened_by_machine | said.clicked | said.left).any()


def test_messages_of_a_channel_without_effect_are_clicked_and_make_nobody_buy() -> None:
    retailer = world()
    deaf = replace(retailer.world.messages, without_effect=("email",))
    without = replace(retailer, world=replace(retailer.world, messages=deaf))
    sends = to_all(retailer, "promo_email", everyone(retailer), 1)
    before, after = answers(retailer, sends), answers(without, sends)
    assert before.caused.sum() > 0 == after.caused.sum()
    assert (before.clicked == after.clicked).all()
