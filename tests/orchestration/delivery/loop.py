"""A model of the world does what worlds do: people come and go, requests get lost, processes die. It converges."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from orchestration.delivery.difference import SETTLE_MINUTES
from orchestration.delivery.report import Gate
from orchestration.delivery.stops import StopList
from tests.orchestration.delivery.receiver import (
    AUDIENCE,
    MESSAGES,
    OPEN,
    SUPPRESSION,
    Receiver,
    World,
    member,
)

PEOPLE = [f"p{n}" for n in range(9)]
FAULTS = ["busy", "key", "timeout_before", "timeout_after", "late", "partial", "nonsense"]
POINTS = [
    "before_prepare_commit",
    "after_prepare",
    "after_response",
    "before_ack_commit",
    "after_ack",
    "before_finish",
]
someone = st.sampled_from(PEOPLE)


class Died(BaseException):
    """The process is gone at this point."""


class Watched(Receiver):
    """A receiver that judges every write the moment it comes in, by what is wanted and by nothing of ours."""

    def judge(self, machine: Loop) -> None:
        self.machine = machine

    judges_what_is_applied = True

    def apply(self, change, object, members):
        self.refused -= {str(m.identity["email"]) for m in members}
        if self.judges_what_is_applied:
            self.look_at(change, object, members)
        super().apply(change, object, members)

    def look_at(self, change, object, members):
        machine, is_permissive = self.machine, (object != SUPPRESSION) == (change != "remove")
        people = {re.split("[:.@]", str(m.decision_id or m.identity["email"]))[0] for m in members}
        if is_permissive and not machine.is_doubtful:
            assert not people & machine.stopped_before_run, "someone who withdrew was written to"
            exposed = machine.protected() - set(self.lists.get(SUPPRESSION, {}))
            assert not people & {who.split("@")[0] for who in exposed}, "someone unprotected was written to"
            assert not exposed - self.refused, "something permissive went out while a protection was open"


class Loop(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.receiver = Watched()
        self.receiver.judge(self)
        self.world = World(self.folder, self.receiver)
        self.audience: dict[str, tuple[str, int]] = {}
        self.suppressed: set[str] = set()
        self.sent: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.stopped_before_run: set[str] = set()
        self.is_doubtful = False
        self.late_minutes = 0

    rounds = 3
    people = PEOPLE
    bustle = 5

    def run_once(self, wanted, gates=OPEN):
        return self.world.deliver(wanted, gates)

    def run_and_die(self, wanted, point, nth):
        """A run whose process is gone at the nth passage of a point, if it gets there."""
        seen = []

        def passing(reached):
            seen.append(reached)
            if reached == point and seen.count(point) == nth:
                raise Died

        with contextlib.suppress(Died):
            self.world.deliver(wanted, OPEN, passing)

    def behave(self):
        """No more faults."""
        self.receiver.faults = []

    def teardown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def protected(self):
        return {f"{who}@example.com" for who in self.suppressed}

    def wanted(self):
        return self.world.want(
            *(
                member(AUDIENCE, who, f"{who}.{alias}@example.com", {"version": version})
                for who, (alias, version) in self.audience.items()
            ),
            *(member(SUPPRESSION, who) for who in self.suppressed),
            *(member(MESSAGES, who, decision=f"{who}:{decision}") for decision, who in self.sent.items()),
        )

    @rule(who=someone, alias=st.sampled_from("ab"), version=st.integers(1, 2))
    def want_in_audience(self, who, alias, version):
        self.audience[who] = (alias, version)

    @rule(who=someone)
    def no_longer_wanted_in_audience(self, who):
        self.audience.pop(who, None)

    @rule(who=someone)
    def suppress(self, who):
        self.suppressed.add(who)

    @rule(who=someone)
    def no_longer_suppressed(self, who):
        self.suppressed.discard(who)

    @rule(who=someone)
    def decide_a_message(self, who):
        self.sent[f"d{len(self.sent)}"] = who

    @rule(who=someone)
    def withdraw(self, who):
        StopList.of(self.world.home).stop(self.world.now, customer_id=who)
        self.stopped.add(who)

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def misbehave(self, faults):
        self.receiver.faults = faults

    @rule(minutes=st.sampled_from([0, 3, 30]))
    def wait(self, minutes):
        self.late_minutes = self.late_minutes + minutes if self.receiver.late else 0
        if self.late_minutes >= SETTLE_MINUTES:
            self.what_was_late_lands()
        self.world.now += timedelta(minutes=minutes)

    @rule(is_open=st.booleans())
    def deliver(self, is_open):
        self.stopped_before_run = set(self.stopped)
        self.run_once(self.wanted(), OPEN if is_open else {s: Gate(False, "no") for s in OPEN})

    @rule(point=st.sampled_from(POINTS), nth=st.integers(1, 3))
    def die(self, point, nth):
        self.stopped_before_run = set(self.stopped)
        self.run_and_die(self.wanted(), point, nth)

    @precondition(lambda self: self.receiver.late)
    @rule()
    def what_was_late_lands(self):
        self.is_doubtful = True
        for change, object, members in self.receiver.late:
            Receiver.apply(self.receiver, change, object, members)
        self.receiver.late.clear()
        self.late_minutes = 0

    @rule()
    def converge(self):
        self.behave()
        if self.receiver.late:
            self.what_was_late_lands()
        self.stopped_before_run = set(self.stopped)
        wanted = self.wanted()
        for turn in range(self.rounds):
            self.world.now += timedelta(minutes=11)
            report = self.run_once(wanted)
            if report.is_quiet and turn > 1:
                break
        assert report.is_quiet, "nothing is left to do"
        self.is_doubtful = False
        self.compare()

    def compare(self):
        here = {who: told for who, told in self.audience.items() if who not in self.stopped}
        assert self.receiver.lists.get(AUDIENCE, {}) == {
            f"{who}.{alias}@example.com": f'{{"version": {version}}}'
            for who, (alias, version) in here.items()
        }
        # Nobody lifts a protection from someone who has withdrawn.
        held = set(self.receiver.lists.get(SUPPRESSION, {}))
        assert self.protected() <= held <= self.protected() | {f"{who}@example.com" for who in self.stopped}
        due = {f"{who}:{decision}" for decision, who in self.sent.items() if who not in self.stopped}
        assert due <= set(self.receiver.messages)
        assert set(self.receiver.messages) <= {f"{who}:{decision}" for decision, who in self.sent.items()}


def soak(loop: Loop, seed: int, steps: int, points=POINTS) -> None:
    """One seeded episode of random steps. Large sets and many faults, which shrinking generators rarely make."""
    chance = random.Random(seed)
    loop.begin()
    people = lambda: chance.choice(loop.people)  # noqa: E731
    moves = [
        lambda: loop.want_in_audience(people(), chance.choice("ab"), chance.randint(1, 2)),
        lambda: loop.want_in_audience(people(), chance.choice("ab"), chance.randint(1, 2)),
        lambda: loop.no_longer_wanted_in_audience(people()),
        lambda: loop.no_longer_wanted_in_audience(people()),
        lambda: loop.suppress(people()),
        lambda: loop.no_longer_suppressed(people()),
        lambda: loop.decide_a_message(people()),
        lambda: loop.withdraw(people()) if chance.random() < 0.3 else None,
        lambda: loop.wait(chance.choice([0, 3, 30])),
    ]
    for _ in range(steps):
        for _ in range(chance.randint(1, loop.bustle)):
            chance.choice(moves)()
        if chance.random() < 0.6:
            loop.misbehave([chance.choice([*FAULTS, ""]) for _ in range(chance.randint(1, 5))])
        if chance.random() < 0.4:
            loop.die(chance.choice(points), chance.randint(1, 3))
        else:
            loop.deliver(chance.random() < 0.8)
        if loop.receiver.late and chance.random() < 0.5:
            loop.what_was_late_lands()
        if chance.random() < 0.15:
            loop.converge()
    loop.converge()
    loop.teardown()
