"""Misbehaviour on order: which fault a tool shows next, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

BEFORE = (
    "refuse",
    "timeout_before",
    "429",
    "429_date",
    "throttled",
    "500_before",
    "503",
    "401",
    "403",
    "404",
    "409",
    "html_200",
    "empty_200",
    "redirect",
)
AFTER = ("reset_after", "timeout_after", "late", "500_after", "partial", "cut_json")
FAULTS = BEFORE + AFTER
ALIASES = {"429_seconds": "429", "timeout": "timeout_before", "500": "500_before", "reset": "reset_after",
           "html": "html_200", "empty": "empty_200", "cut": "cut_json", "307": "redirect",
           "reset_after_apply": "reset_after", "refuse_connection": "refuse"}  # fmt: skip


@dataclass(frozen=True)
class Order:
    """One misbehaviour: the fault, how many more times, for which requests, and its seconds where it has some."""

    fault: str
    times: int
    path_contains: str
    method: str
    seconds: float


class Faults:
    """The orders a tool still has to follow, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Order] = []

    def order(self, fault: str, times: int, path_contains: str, method: str, seconds: float) -> None:
        """Take an order. Raises ValueError for a fault nobody knows."""
        name = fault.strip().lower().replace(" ", "_").replace("-", "_")
        name = ALIASES.get(name, name)
        if name not in FAULTS:
            raise ValueError(f"no fault {fault!r}; one of {', '.join(FAULTS)}")
        with self._lock:
            self._orders.append(Order(name, times, path_contains, method.upper(), seconds))

    def take(self, method: str, path: str) -> Order | None:
        """The order this request meets, if any; it is then done once less."""
        with self._lock:
            for place, order in enumerate(self._orders):
                if order.path_contains in path and order.method in ("", method):
                    self._orders[place : place + 1] = (
                        [replace(order, times=order.times - 1)] if order.times > 1 else []
                    )
                    return order
        return None

    def clear(self) -> None:
        with self._lock:
            self._orders = []
