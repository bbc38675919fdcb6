"""The loop over real processes and sockets: every run is a forked delivery, every death a SIGKILL.

    python -m tests.orchestration.delivery.campaign SEED [STEPS]

plays one episode again, step by step.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime
from types import SimpleNamespace

from orchestration.paths import PROJECT
from tests.orchestration.delivery.loop import Loop, soak
from tests.orchestration.delivery.model_server import ModelServer
from tests.orchestration.delivery.receiver import OPEN

POINTS = ["recovered", "before_prepare_commit", "after_prepare", "before_send", "after_response",
          "before_ack_commit", "after_ack", "before_finish"]  # fmt: skip
CALLS = 4000  # about as many as a run makes


class Rig:
    """One server, one parent of deliveries, and what has been done to them."""

    def __init__(self) -> None:
        self.server, self.killed = ModelServer(), Counter[str]()
        self.process, self.runs, self.compared = 0, 0, 0
        self.server.kill = self.kill_now
        command = [sys.executable, "-m", "tests.orchestration.delivery.zygote"]
        self.parent = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )

    def run(self, order: dict[str, object], after_seconds: float | None = None) -> SimpleNamespace | None:
        """One delivery; its report, or None where it was killed. Anything else that ends it is an error."""
        assert self.parent.stdin
        print(json.dumps(order), file=self.parent.stdin, flush=True)
        self.process, report, self.runs = self._heard()["process"], None, self.runs + 1
        if after_seconds is not None:
            threading.Timer(after_seconds, self.kill_now).start()
        while "ended" not in (said := self._heard()):
            report = SimpleNamespace(**said["report"])
        self.process = 0
        if said["ended"] == signal.SIGKILL:
            return None
        assert said["ended"] == 0, "a delivery must not fail by itself"
        return report

    def kill_now(self) -> None:
        if self.process:
            os.kill(self.process, signal.SIGKILL)

    def _heard(self) -> dict[str, object]:
        assert self.parent.stdout
        line = self.parent.stdout.readline()
        assert line, "the parent of deliveries is gone"
        return json.loads(line)

    def close(self) -> None:
        assert self.parent.stdin
        self.parent.stdin.close()
        self.parent.wait()
        self.server.close()


class OverProcesses(Loop):
    """One episode. What it does to whom follows from its seed; wall-clock kills alone depend on the machine."""

    rounds = 7
    people = tuple(f"p{n}" for n in range(300))
    bustle = 500
    rig: Rig

    def begin_with(self, seed: int) -> OverProcesses:
        self.chance = random.Random(seed)
        self.seed = seed
        return self

    def begin(self):
        super().begin()
        if not hasattr(self, "chance"):
            self.begin_with(0)
        self.rig.server.begin(self.receiver, self.seed, with_jobs=self.chance.random() < 0.5)
        self.receiver.judges_what_is_applied = (
            False  # a job is worked off later; what counts is what was asked
        )
        self.rig.server.judge = self.note
        self.wrongs: list[str] = []

    def note(self, change, object, members):
        """The server's thread looks at each request as it comes; what is wrong with it is said after the run."""
        try:
            self.receiver.look_at(change, object, members)
        except AssertionError as wrong:
            self.wrongs.append(str(wrong).splitlines()[0])

    def run_once(self, wanted, gates=OPEN):
        return self._run(wanted, {}, all(gate.passed for gate in gates.values()))

    def run_and_die(self, wanted, point, nth):
        how = self.chance.choice(["point", "calls", "clock"])
        kill = {"point": point, "nth": nth} if how == "point" else {}
        if how == "calls":
            kill = {"calls": self.chance.randint(1, CALLS)}
        after = self.chance.uniform(0, 0.25) if how == "clock" else None
        if self._run(wanted, kill, True, after) is None:
            self.rig.killed[point if how == "point" else f"at a random {how[:5]}"] += 1

    def _run(self, wanted, kill, is_open, after=None):
        order = {
            "home": str(self.world.home.root),
            "release": str(wanted.folder),
            "now": self.world.now.isoformat(),
            "gates": is_open,
            "url": self.rig.server.url,
            "kill": kill,
        }
        before = self.rig.server.met["die_before"] + self.rig.server.met["die_after"]
        report = self.rig.run(order, after)
        by_server = self.rig.server.met["die_before"] + self.rig.server.met["die_after"] - before
        self.rig.killed["while the tool holds a request"] += by_server
        assert not self.wrongs, self.wrongs
        return report

    def misbehave(self, faults):
        self.rig.server.share = 0.45 + 0.06 * len(faults)

    def behave(self):
        self.rig.server.share = 0.0

    def compare(self):
        super().compare()
        self.rig.compared += 1


def episode(rig: Rig, seed: int, steps: int) -> None:
    """One seeded episode. An AssertionError names the seed that plays it again."""
    OverProcesses.rig = rig
    try:
        soak(OverProcesses().begin_with(seed), seed, steps, POINTS)
    except AssertionError as wrong:
        again = f"python -m tests.orchestration.delivery.campaign {seed} {steps}"
        raise AssertionError(f"episode {seed} of {steps} steps: {wrong}; again: {again}") from wrong


if __name__ == "__main__":
    begun = datetime.now()
    the_rig = Rig()
    episode(the_rig, int(sys.argv[1]), int((sys.argv[2:] or ["15"])[0]))
    the_rig.close()
    print(the_rig.runs, "runs;", dict(the_rig.killed), dict(the_rig.server.met), datetime.now() - begun)
