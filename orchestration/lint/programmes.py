"""What rows of programmes.csv and programme_steps.csv mean together: faults no type and no list of values can catch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from orchestration.lint.caps import days_kept
from orchestration.lint.conditions import NotACondition, read_condition
from orchestration.lint.rows import Finding, Row, Seeds

MOST_STEPS = 8  # as many turns as int_programme_turns plays


def programmes_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    kept = days_kept(seeds) * 24
    for row in seeds.of("programmes"):
        if not 1 <= row.number("life_hours") <= kept:
            yield row.finding(
                "life_hours is out of range", f"Use 1 to {kept}: what happened before is forgotten"
            )
        if not 24 <= row.number("reentry_hours") <= kept:
            yield row.finding(
                "reentry_hours is out of range", f"Use 24 to {kept}: one life a day is the most"
            )


def programmes_that_end_wrongly(seeds: Seeds) -> Iterator[Finding]:
    known = seeds.known("customer_events", "event")
    for row in seeds.of("programmes"):
        for column in ("converts_on", "exit_on"):
            for event in row.items(column):
                if event not in known:
                    yield row.finding(f"event {event} is unknown", f"Known: {', '.join(sorted(known))}")
        for event in sorted({*row.items("converts_on")} & {*row.items("exit_on")}):
            yield row.finding(f"{event} both converts and exits", "Name it in one of the two")


def suspensions_that_shut_each_other_out(seeds: Seeds) -> Iterator[Finding]:
    rows = seeds.of("programmes")
    names = {row["programme"] for row in rows}
    rests = {row["programme"]: suspended(row, names) for row in rows}
    for row in rows:
        own = row["programme"]
        for name in sorted({*row.items("suspends")} - names - {"*"}):
            yield row.finding(f"programme {name} is unknown", f"Known: {', '.join(sorted(names))}")
        if own in row.items("suspends"):
            yield row.finding("it suspends itself", "Name other programmes, or * for all others")
        for other in sorted(rests[own] - {own}):
            if own in rests.get(other, set()):
                yield row.finding(
                    f"it and {other} suspend each other", "Let one of the two go on: both would rest for good"
                )


def suspended(row: Row, names: set[str]) -> set[str]:
    """The programmes that rest while this one lives."""
    named = {*row.items("suspends")}
    return names - {row["programme"]} if "*" in named else named & names


def steps_by_programme(seeds: Seeds) -> dict[str, list[Row]]:
    steps: dict[str, list[Row]] = defaultdict(list)
    for row in seeds.of("programme_steps"):
        steps[row["programme"]].append(row)
    return {name: sorted(rows, key=lambda row: row.number("step_number")) for name, rows in steps.items()}


def programmes_without_steps(seeds: Seeds) -> Iterator[Finding]:
    steps = steps_by_programme(seeds)
    for row in seeds.of("programmes"):
        if row["programme"] not in steps:
            yield row.finding("it has no steps", "Add them to programme_steps, or remove the row")


def steps_out_of_order(seeds: Seeds) -> Iterator[Finding]:
    for rows in steps_by_programme(seeds).values():
        for place, row in enumerate(rows, 1):
            if row.number("step_number") != place:
                yield row.finding("step_number leaves a gap or stands twice", "Number them 1, 2, 3 and so on")
            elif place > MOST_STEPS:
                yield row.finding(
                    f"more than {MOST_STEPS} steps", "Let what follows be a programme of its own"
                )


def steps_that_come_too_late(seeds: Seeds) -> Iterator[Finding]:
    lives = {row["programme"]: row.number("life_hours") for row in seeds.of("programmes")}
    for programme, rows in steps_by_programme(seeds).items():
        waited = 0.0
        for row in rows:
            if row.number("wait_hours") < 0:
                yield row.finding("wait_hours is negative", "Use 0 for at once")
            if not 1 <= row.number("ttl_hours") <= 30 * 24:
                yield row.finding("ttl_hours is out of range", "Use 1 to 720: an hour to thirty days")
            waited += max(row.number("wait_hours"), longest(row))
            if programme in lives and waited >= lives[programme]:
                yield row.finding(
                    "its turn comes after the programme has ended",
                    f"All waits up to here are {waited:g} hours: stay below life_hours, {lives[programme]:g}",
                )


def longest(row: Row) -> float:
    """The most hours a condition waits for; 0 where it cannot be read, which is found elsewhere."""
    try:
        return max((term.within_hours for term in read_condition(row["condition"])), default=0)
    except NotACondition:
        return 0


def conditions_that_are_none(seeds: Seeds) -> Iterator[Finding]:
    lists = {
        "did": seeds.known("customer_events", "event"),
        "in": seeds.known("audiences", "audience"),
        "consent": seeds.known("channels", "channel"),
    }
    for rows in steps_by_programme(seeds).values():
        earlier: set[str] = set()
        for row in rows:
            try:
                terms = read_condition(row["condition"])
            except NotACondition as wrong:
                yield row.finding(str(wrong), wrong.remedy)
                terms = ()
            for term in terms:
                known = lists.get(term.word, earlier)
                if term.subject not in known:
                    listed = ", ".join(sorted(known)) or "nothing, as it is the first step"
                    what = "no earlier step" if term.word not in lists else "unknown"
                    yield row.finding(f"{term.word}({term.subject}) names {what}", f"Known here: {listed}")
            earlier.add(row["message_id"])


def messages_with_two_masters(seeds: Seeds) -> Iterator[Finding]:
    steps = Counter(row["message_id"] for row in seeds.of("programme_steps"))
    for row in seeds.of("messages"):
        is_step = row["message_id"] in steps
        if is_step and row["audience"]:
            yield row.finding(
                "offered to an audience and by a programme",
                "Empty audience, or remove it from programme_steps",
            )
        if not is_step and not row["audience"]:
            yield row.finding("offered to nobody", "Name an audience, or make it a step of a programme")
        if is_step and row["occasion"] != "entry":
            yield row.finding("a step is sent once in each life", "Set occasion to entry")


RULES = (
    programmes_out_of_range,
    programmes_that_end_wrongly,
    suspensions_that_shut_each_other_out,
    programmes_without_steps,
    steps_out_of_order,
    steps_that_come_too_late,
    conditions_that_are_none,
    messages_with_two_masters,
)
