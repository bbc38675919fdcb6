"""The retailer: a past lived siloed, then days that are lived as its marketing decides.

retailer = Retailer.create(customers=2000, seed=7, go_live=date(2026, 11, 1), history_days=120)
retailer.write_history(landing)
siloed = retailer.branch()                      # the same past, the same chance
siloed.live_day(day, siloed.siloed_sends(day))
retailer.live_day(day, sends_from_tools(toolbox, retailer, day))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from sandbox.books import Books
from sandbox.columns import join, stack
from sandbox.day import Day, live_through
from sandbox.desk_exports import changed_tickets, tickets
from sandbox.history import HistoryWriter, date_of, day_number
from sandbox.sends import Sends
from sandbox.shop_exports import DELIVERED_AFTER, SHIPPED_AFTER, orders
from sandbox.siloed import siloed_sends
from sandbox.state import State
from sandbox.streams import (
    REGISTERS,
    STREAMS,
    decision_texts,
    facts_by_stream,
    numbered_decisions,
    register,
)
from sandbox.till_exports import receipt_facts, receipt_lines, sent_again, with_slips
from sandbox.truth import write_truth
from sandbox.world import World

SENDS_KEPT_BEFORE = 40  # days before go-live whose sends stay in the books
MEMORY = 12  # days a ticket or an order may still change


class DayExports(dict[str, pa.Table]):
    """What every system wrote on a day: stream name ("shop.orders") to a table of its declared columns."""

    def __init__(self, day: date, tables: dict[str, pa.Table]) -> None:
        super().__init__(tables)
        self.day = day


@dataclass
class Retailer:
    """A world, how everyone in it is doing, and the books about it. Days must be lived in order."""

    world: World
    state: State
    books: Books
    next_day: int
    recent: list[Day] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    @classmethod
    def create(cls, customers: int, seed: int, go_live: date, history_days: int) -> Retailer:
        """People before their first day. customers: everyone who joins until about 90 days after go_live."""
        live = day_number(go_live)
        world = World.create(customers, seed, live - history_days, live)
        books = Books(sends_from=live - SENDS_KEPT_BEFORE)
        return cls(world, State.fresh(world.people), books, world.first_day)

    def write_history(self, landing: Path, log_days: int = 90) -> None:
        """Lives through the past siloed and writes every stream as backfill files under landing.

        log_days: how far back the engagement and site logs reach; everything else is complete.
        Raises ValueError when there is no past left to live.
        """
        self.live_past(HistoryWriter(self.world, landing, log_days))

    def live_past(self, writer: HistoryWriter) -> None:
        """Lives through the past siloed; the writer gets every stream. Raises ValueError when no past is left."""
        if self.next_day >= self.world.go_live:
            raise ValueError("this retailer's past is over: create a new one to write its history")
        while self.next_day < self.world.go_live:
            day = self.next_day
            happened = self.pass_day(day, siloed_sends(self.world, self.state, day))
            for stream, facts in facts_by_stream(self.world, self.state, happened):
                writer.collect(stream, facts, day)
            if self.next_day == self.world.go_live or date_of(self.next_day).day == 1:
                writer.close_month(day)
        writer.close()

    def write_truth(self, folder: Path) -> list[Path]:
        """Who is who, what was bought and why, what messages cause: Parquet tables under folder."""
        return write_truth(self.world, self.books, folder)

    def branch(self) -> Retailer:
        """The same past with another future: the same random numbers, nothing shared that changes."""
        return Retailer(
            self.world,
            self.state.copy(),
            self.books.copy(),
            self.next_day,
            list(self.recent),
            list(self.decisions),
        )

    def siloed_sends(self, day: date) -> Sends:
        """What the separate channel teams send on a day, as they see it that morning."""
        return siloed_sends(self.world, self.state, day_number(day))

    def live_day(self, day: date, sends: Sends) -> DayExports:
        """People live through a day and react; returns what the systems wrote about it.

        Raises ValueError when the day is not the next one.
        """
        number = day_number(day)
        if number != self.next_day:
            raise ValueError(f"the next day of this retailer is {date_of(self.next_day)}, not {day}")
        happened = self.pass_day(number, sends)
        texts = decision_texts(self.decisions)
        tables = {
            stream: STREAMS[stream](self.world, facts, texts, number)
            for stream, facts in facts_by_stream(self.world, self.state, happened)
        }
        tables |= {stream: register(self.world, stream, number, number) for stream in REGISTERS}
        return DayExports(day, tables | self._changes(number, texts, tables))

    def pass_day(self, day: int, sends: Sends) -> Day:
        """People live through a day (its number) and react; no system writes anything about it."""
        numbers = numbered_decisions(sends.decision_id, self.decisions)
        happened = live_through(self.world, self.state, day, sends, numbers)
        self.books.write(happened)
        self.recent = [*self.recent[-MEMORY:], happened]
        self.next_day = day + 1
        return happened

    def _changes(self, day: int, texts: pa.Array, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Streams in which records of earlier days come again: orders on their way, tickets solved, till files."""
        world = self.world
        by_age = {day - past.day: past for past in self.recent}
        moving = [by_age[age].orders for age in (SHIPPED_AFTER, DELIVERED_AFTER) if age in by_age]
        changed = [changed_tickets(past.tickets, day) for past in self.recent]
        receipts = with_slips(world, tables["pos.receipt_lines"], day)
        again = []
        if 1 in by_age:
            earlier = receipt_lines(world, receipt_facts(by_age[1].lines, by_age[1].returns))
            again = [sent_again(world, earlier, day - 1)]
        return {
            "shop.orders": stack(
                "shop.orders", [tables["shop.orders"], *(orders(world, f, texts, day) for f in moving)]
            ),
            "desk.tickets": tickets(world, join(changed), day),
            "pos.receipt_lines": stack("pos.receipt_lines", [receipts, *again]),
        }
