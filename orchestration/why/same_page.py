"""The answer to `why-same` in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from orchestration.why.page import day, moment
from orchestration.why.same import Sameness
from orchestration.why.walk import Edge

WHERE = {
    "between them": "Seen between them, and refused:",
    "with both": "Seen with both, and joining neither:",
    "alike": "Their records were compared:",
    "near the first": "Nothing was ever seen between them. Refused nearest to the first:",
    "near the second": "Refused nearest to the second:",
}


def show_same(answer: Sameness, console: Console) -> None:
    """Prints the whole answer, one line a thought."""
    for line in sentences(answer):
        console.print(line, soft_wrap=True)


def sentences(answer: Sameness) -> Iterator[Text]:
    """The answer, line by line."""
    yield Text(verdict(answer), "bold")
    for number, edge in enumerate(answer.path, 1):
        yield Text(f"  {number}. {told(edge)}")
    for node, reason in answer.silent.items():
        yield Text(f"  {node} speaks for nobody: {reason}")
    where = ""
    for each in answer.refused:
        if each.where != where:
            yield Text(f"  {WHERE[each.where]}")
        where = each.where
        yield Text(f"    {told(each.edge)}")
    if not answer.is_same and not answer.refused:
        yield Text("  Nothing was ever seen between them, or near them, that could have joined them.")
    yield Text(f"release {answer.release_id}, as of {moment(answer.as_of)} UTC", "dim")


def verdict(answer: Sameness) -> str:
    """The answer in one sentence."""
    first, second = answer.first, answer.second
    if answer.is_same:
        [customer_id] = sorted(set(answer.first_customer_ids) & set(answer.second_customer_ids))[:1]
        steps = len(answer.path)
        how = "in one step" if steps == 1 else f"in {steps} steps" if steps else "by the same identifier"
        return f"{first} and {second} are one customer, {customer_id}, {how}."
    names = [" and ".join(ids) or "nobody" for ids in (answer.first_customer_ids, answer.second_customer_ids)]
    return f"{first} is {names[0]}, {second} is {names[1]}: not one customer."


def told(edge: Edge) -> str:
    """One link as a sentence: what was seen with what, how often, where, when, and why it does not join."""
    pair = f"{spoken(edge.left_type)} {edge.left} and {spoken(edge.right_type)} {edge.right}"
    if edge.evidence_count:
        times = "once" if edge.evidence_count == 1 else f"{edge.evidence_count} times"
        pair += f" were seen together {times} in {edge.sources.replace(',', ', ')}{_when(edge)}"
    if edge.rule == "by hand":
        pair += ", put together by hand" if not edge.refusal_reason else ""
    if edge.rule.startswith("match: "):
        pair += f" stand on records that match: {edge.rule.removeprefix('match: ')}"
    return f"{pair}; refused: {edge.refusal_reason}" if edge.refusal_reason else pair


def _when(edge: Edge) -> str:
    first, last = day(edge.first_seen_at), day(edge.last_seen_at)
    return f", on {first}" if first == last else f", first on {first}, last on {last}"


def spoken(kind: str) -> str:
    """A kind of identifier as people say it."""
    return {"email": "e-mail", "name_postcode": "name and postcode"}.get(kind, kind.replace("_", " "))
