"""What rows of syncs.csv and destinations.csv mean together: who may be on a list, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lint.rows import Finding, Row, Seeds
from syncs.catalogue import connector_names

KIND_OF_CONTENT = {"audience": "segment", "suppression": "suppression"}
POLARITY_OF_CONTENT = {"audience": "permissive", "decisions": "permissive", "suppression": "restrictive"}


def lists_of_unknown_things(seeds: Seeds) -> Iterator[Finding]:
    known = {
        "audience": seeds.known("audiences", "audience"),
        "message_channel": seeds.known("channels", "channel"),
        "identifier_type": seeds.known("channels", "contact_type"),
    }
    for row in seeds.of("syncs"):
        for column, values in known.items():
            for item in row.items(column):
                if item not in values:
                    yield row.finding(f"{column} {item} is unknown", f"Known: {', '.join(sorted(values))}")


def lists_of_the_wrong_people(seeds: Seeds) -> Iterator[Finding]:
    kinds = {row["audience"]: row["kind"] for row in seeds.of("audiences")}
    for row in seeds.of("syncs"):
        wanted = KIND_OF_CONTENT.get(row["content"])
        if wanted and not row["audience"]:
            yield row.finding(f"a list of an {row['content']} names none", "Name audiences as a|b|c")
        for audience in row.items("audience") if wanted else []:
            if kinds.get(audience, wanted) != wanted:
                yield row.finding(
                    f"audience {audience} is no {wanted}", "A list holds segments or suppressions"
                )
        if row["content"] == "decisions" and not row["message_channel"]:
            yield row.finding("a list of decisions names no channel", "Name channels as a|b|c")
        if row["polarity"] != POLARITY_OF_CONTENT.get(row["content"], row["polarity"]):
            yield row.finding(
                f"{row['content']} cannot be {row['polarity']}", "Suppressions are restrictive, all else not"
            )


def gates_that_cannot_hold(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("syncs"):
        if not lies_between(row, "max_growth_factor", 1, 1000):
            yield row.finding("max_growth_factor is out of range", "Use 1 to 1000: 3 allows a list to triple")
        if not lies_between(row, "max_shrink_share", 0, 1):
            yield row.finding("max_shrink_share is no share", "Use 0 to 1: 0.5 allows a list to halve")


def lies_between(row: Row, column: str, lowest: float, highest: float) -> bool:
    """Whether a number lies in a range."""
    return lowest <= row.number(column) <= highest


def destinations_without_a_connector(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("destinations"):
        if row["connector"] not in connector_names():
            problem = f"connector {row['connector']} does not exist"
            yield row.finding(problem, f"Write syncs/connectors/{row['connector']}.py, or correct the name")


def decisions_nobody_sends(seeds: Seeds) -> Iterator[Finding]:
    served = {
        item
        for row in seeds.of("syncs")
        if row["content"] == "decisions"
        for item in row.items("message_channel")
    }
    for row in seeds.of("messages"):
        if row["channel"] not in served:
            yield row.finding(
                f"no list takes decisions for {row['channel']}", "Add the channel to a row of syncs.csv"
            )


RULES = (
    lists_of_unknown_things,
    lists_of_the_wrong_people,
    gates_that_cannot_hold,
    destinations_without_a_connector,
    decisions_nobody_sends,
)
