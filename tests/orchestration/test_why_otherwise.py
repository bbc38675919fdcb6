"""What would have had to be different, in words: every kind of reason, and nothing that the ledger does not show."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from orchestration.why.otherwise import Clock, Facts, otherwise

WORDS = {
    102: "cap reached: at most 3 in 7 days",
    181: "cap reached: at most 50000 in 1 day by sms, for everybody together",
    902: "budget spent: 20000.00 in 1 month by direct_mail",
    1102: "a service case is open",
    1104: "something was returned recently",
}
NEW_YORK, SOMEWHERE = Clock("America/New_York", True), Clock("America/New_York", False)
OPENS = datetime(2026, 3, 2, 19)
LOST = Facts("sms", "lose", 2000, 256, 660_000, None, 3, None, "cart_sms", 812_000, 3)
RAN_INTO = replace(LOST, winner="", winner_score=None, winner_tier=None)


def told(facts: Facts, clock: Clock = NEW_YORK) -> str:
    return otherwise(facts, WORDS, {102: 3, 181: 50_000}, clock)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(RAN_INTO, first_reason=102, reason_mask=4, short_by=1),
         "would have competed if the cap allowed 4 instead of 3 (at most 3 in 7 days)"),
        (replace(RAN_INTO, first_reason=102, reason_mask=4, short_by=3), "would have competed if the cap allowed 6"),
        (replace(RAN_INTO, first_reason=102, reason_mask=4 + 8),
         "more than one was in the way (over all channels, the channel)"),
        (replace(RAN_INTO, first_reason=1930, reason_mask=1 << 14, short_by=40_000), "0.040 more than the 0.660"),
        (LOST, "would have been sent if its score were above 0.812, that of cart_sms; its own was 0.660"),
        (replace(LOST, winner_score=500_000), "it had brought more, with what could follow it, than cart_sms with"),
        (replace(LOST, winner_tier=1), "tier 1 goes before tier 3, whatever the score"),
        (replace(LOST, first_reason=1940, reason_mask=0), "its score were above 0.812"),
        (replace(RAN_INTO, outcome="suppress", first_reason=1002, reason_mask=1),
         "would have competed if consent for sms were granted"),
        (replace(RAN_INTO, outcome="suppress", first_reason=1102, reason_mask=2 + (1 << 18) + (1 << 20)),
         "no longer so: a service case is open, and this were no longer so: something was returned recently"),
        (replace(RAN_INTO, outcome="hold", first_reason=1910, reason_mask=512, hold_until=OPENS),
         "would have competed if it were after 14:00 their time on Mon 2026-03-02"),
        (replace(RAN_INTO, outcome="suppress", first_reason=1920, reason_mask=1536, hold_until=OPENS),
         "it still held good when sms opens, at 14:00 their time"),
        (replace(RAN_INTO, outcome="withhold", first_reason=1900, reason_mask=2048),
         "would have been sent if they were not in the holdout"),
        (replace(RAN_INTO, first_reason=902, reason_mask=1 << 15), "enough money were left under what it shares"),
        (replace(RAN_INTO, outcome="send", first_reason=0, reason_mask=0), ""),
    ],
)  # fmt: skip
def test_the_ledger_says_what_had_to_be_different(facts: Facts, words: str) -> None:
    assert (words in told(facts)) if words else told(facts) == ""


def test_where_the_zone_is_not_known_no_local_time_is_claimed() -> None:
    held = replace(RAN_INTO, outcome="hold", first_reason=1910, reason_mask=512, hold_until=OPENS)
    assert "19:00 UTC, when it is open in all of their country" in told(held, SOMEWHERE)


def test_a_number_is_named_only_where_one_cap_alone_was_in_the_way() -> None:
    assert "instead of" not in told(replace(RAN_INTO, first_reason=102, reason_mask=4))
