"""Are two identifiers, records or ids one customer? In words on a small world; every path checked on a larger one."""

from __future__ import annotations

import json
import random
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.commands.audit import why_same
from orchestration.paths import Home
from orchestration.release import publish
from orchestration.transform import WITHOUT_TESTS, Run, dbt
from orchestration.why import NobodyKnown
from orchestration.why.same import TABLES, Sameness, same
from orchestration.why.same_page import sentences
from sandbox.retailer import Retailer
from tests.landed import take_in
from tests.orchestration.small_warehouse import AS_OF, Rows, warehouse

YESTERDAY = AS_OF - timedelta(days=1)


def key(kind: str, value: str) -> str:
    """The customer id that an identifier gives."""
    [(number,)] = duckdb.execute(
        "select cast('0x' || substr(md5(? || ':' || ?), 1, 15) as bigint)", [kind, value]
    ).fetchall()
    return f"c{number}"


ADA, BEN = key("email", "ada@example.com"), key("account", "B1")
GONE = key("cookie", "00ff")


def known(kind: str, value: str, customer: str | None, reason: str | None = None) -> dict[str, object]:
    return {"identifier_type": kind, "identifier": value, "customer_id": customer, "refusal_reason": reason}


def links(
    left: tuple[str, str, str | None],
    right: tuple[str, str, str | None],
    count: int,
    reason: str | None = None,
    rule: str = "",
) -> list[dict[str, object]]:
    """One link as fct_customer_links says it: once for each customer it touches."""
    row: dict[str, object] = {
        "left_type": left[0], "left_identifier": left[1], "left_customer_id": left[2],
        "right_type": right[0], "right_identifier": right[1], "right_customer_id": right[2],
        "rule": rule or f"{left[0]} and {right[0]} in one record",
        "is_accepted": reason is None, "refusal_reason": reason,
        "evidence_count": count, "sources": "shop.orders", "first_seen_at": YESTERDAY, "last_seen_at": AS_OF,
    }  # fmt: skip
    return [{"customer_id": customer} | row for customer in {left[2], right[2]} - {None}]


MAIL, PHONE, CARD, COOKIE = (
    ("email", "ada@example.com", ADA),
    ("phone", "+12025550175", ADA),
    ("loyalty_card", "4711", ADA),
    ("cookie", "00ff", ADA),
)
ALIKE = ("email", "ada@example.org", ADA)
ACCOUNT, SHARED = ("account", "B1", BEN), ("phone", "+12025550199", None)
TOO_MANY = "shared: too many trusted identifiers use it"
WORLD: Rows = {
    "dim_customers": [{"customer_id": ADA}, {"customer_id": BEN}],
    "dim_customer_identifiers": [
        *(known(*each) for each in (MAIL, ALIKE, PHONE, CARD, COOKIE, ACCOUNT)),
        known(*SHARED, TOO_MANY),
        known("email", "noreply@example.com", None, "blocked: address of a machine"),
    ],
    "fct_customer_links": [
        *links(CARD, MAIL, 3),
        *links(MAIL, PHONE, 1),
        *links(PHONE, COOKIE, 1),
        *links(CARD, ALIKE, 0, rule="match: family name same and rare"),
        *links(MAIL, SHARED, 2, TOO_MANY),
        *links(ACCOUNT, SHARED, 1, TOO_MANY),
        *links(ACCOUNT, COOKIE, 1, "cut by hand: not the same person"),
    ],
    "fct_match_pairs": [
        {
            "left_customer_id": BEN, "right_customer_id": ADA, "left_type": "account", "left_identifier": "B1",
            "right_type": "email", "right_identifier": "ada@example.com", "decision": "review", "weight": 7000,
            "reason": "likely, not sure: family name same, birth date one off",
        },
    ],
    "fct_identity_changes": [
        {"changed_at": YESTERDAY, "kind": "merged", "customer_id": ADA, "other_customer_id": GONE},
    ],
    "fct_record_identifiers": [
        {"source": "shop.orders", "record_id": "W1", "email": "ada@example.com", "loaded_at": AS_OF},
        {"source": "shop.orders", "record_id": "W2", "cookie": "00ff", "loaded_at": YESTERDAY - timedelta(days=60)},
    ],
}  # fmt: skip

Ask = Callable[..., Sameness]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = warehouse(tmp_path_factory.mktemp("same"), WORLD)
    publish(home, "r1", AS_OF, "duckdb")
    return home


@pytest.fixture(scope="module")
def ask(home: Home) -> Ask:
    return lambda *asked, **more: same(home, *asked, **more)


@pytest.mark.parametrize(
    ("first", "second", "steps"),
    [
        (" Ada@Example.com ", "(202) 555-0175", 1),
        ("4711", "00ff", 3),
        ("loyalty_card:4711", ADA, 1),
        (GONE, "+1 202 555 0175", 1),
        ("shop.orders:W1", "shop.orders:W2", 2),
        ("shop.orders:W1", "ada@example.com", 0),
    ],
)
def test_the_shortest_path_joins_any_two_of_a_customers_identifiers_records_and_ids(
    ask: Ask, first: str, second: str, steps: int
) -> None:
    answer = ask(first, second)
    assert (answer.is_same, len(answer.path)) == (True, steps)


def test_each_step_is_a_sentence_with_count_source_and_dates(ask: Ask) -> None:
    assert [str(line) for line in sentences(ask("4711", "+1 202 555 0175"))] == [
        f"…11 and +1…0175 are one customer, {ADA}, in 2 steps.",
        "  1. loyalty card …11 and e-mail a***@example.com were seen together 3 times in shop.orders,"
        " first on 2026-03-01, last on 2026-03-02",
        "  2. e-mail a***@example.com and phone +1…0175 were seen together once in shop.orders,"
        " first on 2026-03-01, last on 2026-03-02",
        "release r1, as of 2026-03-02 06:00 UTC",
    ]


def test_records_that_joined_by_match_say_what_agrees(ask: Ask) -> None:
    told = [str(line) for line in sentences(ask("4711", "ada@example.org"))]
    assert told[1].strip() == (
        "1. loyalty card …11 and e-mail a***@example.org stand on records that match: family name same and rare"
    )


def test_two_customers_are_told_apart_by_what_was_refused_between_them_and_with_both(ask: Ask) -> None:
    answer = ask("4711", "B1")
    told = [(each.where, each.edge.left_type, each.edge.right_type) for each in answer.refused]
    assert told == [
        ("between them", "account", "cookie"),
        ("with both", "email", "phone"),
        ("with both", "account", "phone"),
        ("alike", "account", "email"),
    ]
    assert str([*sentences(answer)][-2]).strip() == (
        "account …B1 and e-mail a***@example.com; refused: likely, not sure: family name same, birth date one off"
    )
    assert answer.refused[0].edge.refusal_reason == "cut by hand: not the same person"


def test_what_speaks_for_nobody_says_why(ask: Ask) -> None:
    answer = ask("+1 202 555 0199", "ada@example.com")
    assert (answer.is_same, dict(answer.silent)) == (False, {"phone +1…0199": TOO_MANY})
    assert [(each.where, each.edge.evidence_count) for each in answer.refused] == [("between them", 2)]


def test_where_nothing_was_seen_between_two_that_is_said(ask: Ask) -> None:
    told = " ".join(str(line) for line in sentences(ask("noreply@example.com", "B1")))
    assert "not one customer" in told
    assert "speaks for nobody: blocked: address of a machine" in told
    assert "Refused nearest to the second" in told


def test_identifiers_are_hidden_unless_asked_for(ask: Ask) -> None:
    for pair in (("4711", "00ff"), ("4711", "B1"), ("+12025550199", "B1")):
        told = json.dumps(ask(*pair).to_dict(), default=str)
        assert not [value for value in ("ada@", "5550175", "4711", "5550199") if value in told]
    assert "ada@example.com" in json.dumps(ask("4711", "00ff", show_identifiers=True).to_dict(), default=str)


def test_the_command_answers_in_json_and_with_exit_code_2_where_there_is_nothing(home: Home) -> None:
    environment = {"DOWNBEAT_HOME": str(home.root)}
    answered = CliRunner().invoke(why_same, ["4711", "00ff", "--json"], env=environment)
    assert (answered.exit_code, json.loads(answered.stdout)["is_same"]) == (0, True)
    for unknown in ("shop.orders:W9", "nobody@example.com", "c1"):
        assert CliRunner().invoke(why_same, [unknown, "4711"], env=environment).exit_code == 2


def test_before_the_first_release_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NobodyKnown, match="`downbeat run` makes the first release"):
        same(Home(tmp_path), "c1", "c2")


# The larger world. The checker reads the warehouse, not the release, and walks in plain Python.

MOMENT = datetime(2026, 11, 2, 6)
Node = tuple[str, str]


class Graph:
    """Accepted links, owners and records as the warehouse holds them."""

    def __init__(self, file: Path) -> None:
        with duckdb.connect(str(file), read_only=True) as base:
            self.owner: dict[Node, str | None] = {
                (kind, value): customer
                for kind, value, customer in base.execute(
                    "select identifier_type, identifier, customer_id from identity.dim_customer_identifiers"
                ).fetchall()
            }
            rows = base.execute(
                "select left_type, left_identifier, right_type, right_identifier, evidence_count, is_accepted"
                " from identity.fct_identity_links"
            ).fetchall()
            self.records: dict[str, set[Node]] = defaultdict(set)
            for source, record, kind, value in base.execute(
                "select source, record_id, identifier_type, identifier from identity.fct_identifier_observations"
            ).fetchall():
                self.records[f"{source}:{record}"].add((kind, value))
        self.counted = {
            frozenset({(a, b), (c, d)}): count for a, b, c, d, count, accepted in rows if accepted
        }
        self.beside: dict[Node, set[Node]] = defaultdict(set)
        for one, other in map(tuple, self.counted):
            self.beside[one].add(other)
            self.beside[other].add(one)

    def distance(self, starts: set[Node], targets: set[Node]) -> int | None:
        """Links on the shortest way, by breadth-first search."""
        far, queue = dict.fromkeys(starts, 0), deque(starts)
        while queue:
            node = queue.popleft()
            if node in targets:
                return far[node]
            for other in self.beside[node] - far.keys():
                far[other] = far[node] + 1
                queue.append(other)
        return None


@pytest.fixture(scope="module")
def recognised(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("recognised"))
    Retailer.create(400, 7, date(2026, 11, 2), 90).write_history(home.landing)
    take_in(home, MOMENT)
    run = Run("r", MOMENT, "duckdb", "")
    dbt(
        home,
        [
            "build",
            "--select",
            "path:seeds",
            "+dim_customers",
            "+fct_customer_links",
            "identity",
            *WITHOUT_TESTS,
        ],
        run=run,
    )
    publish(
        home, "r", MOMENT, "duckdb", tables=[table for table in TABLES if table != "customers_by_identifier"]
    )
    return home


@pytest.mark.slow
def test_a_thousand_random_paths_are_shortest_paths_over_accepted_links(recognised: Home) -> None:
    graph = Graph(recognised.warehouse / "warehouse.duckdb")
    steps = [checked(recognised, graph, *pair) for pair in random_pairs(graph, 1000)]
    assert len([step for step in steps if step]) > 500
    assert max(steps) > 2


@pytest.mark.slow
def test_random_strangers_are_not_one_customer(recognised: Home) -> None:
    graph = Graph(recognised.warehouse / "warehouse.duckdb")
    chance = random.Random(8)
    spoken = sorted(node for node, customer in graph.owner.items() if customer)
    for first, second in (chance.sample(spoken, 2) for _ in range(100)):
        answer = same(recognised, ":".join(first), ":".join(second))
        assert answer.is_same == (graph.owner[first] == graph.owner[second])
        assert answer.is_same or graph.distance({first}, {second}) is None


def random_pairs(graph: Graph, count: int) -> list[tuple[str, str]]:
    """Two identifiers of one customer; in every third pair, a record and an identifier."""
    chance = random.Random(7)
    members: dict[str, list[Node]] = defaultdict(list)
    for node, customer in sorted(graph.owner.items()):
        if customer:
            members[customer].append(node)
    carried: dict[str, list[str]] = defaultdict(list)
    for record, nodes in sorted(graph.records.items()):
        for customer in {graph.owner[node] for node in nodes} - {None}:
            carried[str(customer)].append(record)
    several = [customer for customer, nodes in members.items() if len(nodes) > 2]
    chosen = [chance.choice(several) for _ in range(count)]
    return [
        (
            chance.choice(carried[customer])
            if number % 3 == 0
            else ":".join(chance.choice(members[customer])),
            ":".join(chance.choice(members[customer])),
        )
        for number, customer in enumerate(chosen)
    ]


def checked(home: Home, graph: Graph, first: str, second: str) -> int:
    """The length of the answer's path, once everything about it is found true."""
    answer = same(home, first, second, show_identifiers=True)
    starts = graph.records.get(first) or {(first.split(":")[0], first.split(":", 1)[1])}
    target = (second.split(":")[0], second.split(":", 1)[1])
    walked = [((edge.left_type, edge.left), (edge.right_type, edge.right)) for edge in answer.path]
    assert answer.is_same
    assert len(walked) == graph.distance(starts, {target})
    assert not walked or (walked[0][0] in starts and walked[-1][1] == target)
    assert all(before[1] == after[0] for before, after in pairwise(walked))
    counts = [graph.counted[frozenset(pair)] for pair in walked]
    assert [edge.evidence_count for edge in answer.path] == counts
    return len(walked)
