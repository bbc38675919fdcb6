"""A compacted ledger asks for exactly the same as before, after any story, and after a kill at any step of it."""

from __future__ import annotations

import multiprocessing
import signal

import pytest

from orchestration.delivery import compaction
from orchestration.delivery.compaction import compact, compact_ledger
from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import looked_at, opened
from orchestration.delivery.lists import lists_of
from orchestration.delivery.stops import StopList
from tests.orchestration.delivery.loop import Loop, soak
from tests.orchestration.delivery.receiver import AUDIENCE, MESSAGES, SUPPRESSION, World, member
from tests.orchestration.ingestion.killed import kill_at


def asked(connection, world, wanted):
    """Everything that a delivery would ask of the tool, and whatever it holds back."""
    stops = StopList.of(world.home).now()
    compute(connection, wanted, lists_of(wanted, "tool"), stops, world.now, True)
    return connection.execute("from work order by all").fetchall()


def runs_of(connection):
    return [f"tool-{run}" for (run,) in connection.execute("select distinct run_id from intents").fetchall()]


class Compacted(Loop):
    """Before every run the ledger is compacted, and must ask for the same as it did."""

    gone, bustle = 0, 15

    def run_once(self, wanted, *gates):
        with opened(self.world.home, "tool", "look") as ledger:
            before = asked(ledger.connection, self.world, wanted)
            received = runs_of(ledger.connection)
            Compacted.gone += compact_ledger(ledger, "tool", lists_of(wanted, "tool"), received)
            assert asked(ledger.connection, self.world, wanted) == before
            assert not ledger.is_lost
        return super().run_once(wanted, *gates)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_asked_for_that_was_not_before_and_everything_that_was(seed):
    Compacted.gone = 0
    soak(Compacted(), seed, 14)
    assert Compacted.gone > 5


def turned_over(world):
    """Five runs in which everybody changes; of each member only the last one still counts."""
    for turn in range(5):
        wanted = world.want(
            *(member(AUDIENCE, f"a{n}", payload={"turn": turn}) for n in range(6)),
            *(member(MESSAGES, f"m{turn}", decision=f"d{turn}{n}") for n in range(2)),
            *([member(SUPPRESSION, "s")] if turn % 2 else []),
        )
        assert world.deliver(wanted).is_well
    return wanted


def test_what_counts_stays_and_what_the_receipts_lack_too(world):
    wanted = turned_over(world)
    lists = lists_of(wanted, "tool")
    with looked_at(world.home, "tool") as connection:
        received = runs_of(connection)
    assert compact(world.home, "tool", lists, []) == 0
    assert compact(world.home, "tool", lists, received) == 4 * 6 + 3
    assert compact(world.home, "tool", lists, received) == 0
    with looked_at(world.home, "tool") as connection:
        left = dict(connection.execute("select sync_id, count(*) from operations group by 1").fetchall())
    assert left == {AUDIENCE: 6, MESSAGES: 10, SUPPRESSION: 1}
    assert world.deliver(wanted).is_quiet


def compact_and_die(folder, wanted, received, point):
    compact(World(folder).home, "tool", lists_of(wanted, "tool"), received, kill_at(point))


@pytest.mark.parametrize(
    "point", ["before outcomes go", "before intents go", "before commit", "before checkpoint"]
)
def test_killed_while_compacting(world, point):
    wanted = turned_over(world)
    with looked_at(world.home, "tool") as connection:
        before, received = asked(connection, world, wanted), runs_of(connection)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    process = processes.Process(target=compact_and_die, args=(world.folder, wanted, received, point))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    with looked_at(world.home, "tool") as connection:
        assert asked(connection, world, wanted) == before
    is_done = point == "before checkpoint"
    assert (compact(world.home, "tool", lists_of(wanted, "tool"), received) == 0) is is_done
    assert world.deliver(wanted).is_quiet


def test_a_wrong_compaction_would_be_seen(world, monkeypatch):
    """If it took one operation too many, the difference would differ."""
    wanted = turned_over(world)
    monkeypatch.setattr(
        compaction, "OVERRULED", compaction.OVERRULED.replace("o.request_number < a.number", "true")
    )
    with opened(world.home, "tool", "look") as ledger:
        before, received = asked(ledger.connection, world, wanted), runs_of(ledger.connection)
        compact_ledger(ledger, "tool", lists_of(wanted, "tool"), received)
        assert asked(ledger.connection, world, wanted) != before
