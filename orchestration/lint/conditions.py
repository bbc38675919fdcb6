"""The small language of step conditions, read as strictly as the models take it apart: what is not grammar is refused.

condition   = alternative, { " or ", alternative }        at most six
alternative = term, { " and ", term }                     at most six
term        = [ "not " ], word, "(", name, ")", [ " within ", number, " ", ( "hours" | "days" ) ]
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_PARTS = 6
OF_STEPS = ("sent", "opened", "clicked", "failed")
WORDS = (*OF_STEPS, "did", "in", "consent")
AWAITED = ("opened", "clicked")
TERM = re.compile(
    r"(?P<negated>not )?(?P<word>[a-z_]+)\((?P<subject>[A-Za-z0-9_.-]+)\)"
    r"( within (?P<number>[1-9][0-9]{0,2}) (?P<unit>hour|day)s?)?"
)


class NotACondition(Exception):
    """Something in a condition is none of the grammar. `remedy` says what may stand there."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


@dataclass(frozen=True)
class Term:
    """One claim, as in `not opened(cart_email) within 2 days`; within_hours is 0 where it says nothing of time."""

    word: str
    subject: str
    is_not: bool
    within_hours: int


def read_condition(text: str) -> tuple[Term, ...]:
    """Every term of a condition; none where it is empty. Raises NotACondition."""
    if not text:
        return ()
    alternatives = text.split(" or ")
    groups = [alternative.split(" and ") for alternative in alternatives]
    if max(len(alternatives), *map(len, groups)) > MOST_PARTS:
        raise NotACondition(
            "the condition is too long", f"At most {MOST_PARTS} alternatives of {MOST_PARTS} terms each"
        )
    return tuple(read_term(term) for group in groups for term in group)


def read_term(text: str) -> Term:
    """One term. Raises NotACondition for everything else, whatever it is."""
    found = TERM.fullmatch(text)
    if found is None:
        raise NotACondition(
            "the condition is no condition",
            "Write word(name), with not before it and within 2 days behind it; join by and, or; no brackets",
        )
    word = found["word"]
    if word not in WORDS:
        raise NotACondition(f"the word {word} is unknown", f"Known: {', '.join(WORDS)}")
    if found["number"] and word not in AWAITED:
        raise NotACondition(f"{word} knows no within", f"Only {' and '.join(AWAITED)} are waited for")
    hours = int(found["number"] or 0) * (24 if found["unit"] == "day" else 1)
    return Term(word, found["subject"], found["negated"] is not None, hours)
