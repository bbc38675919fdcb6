"""Asking a tool to erase a person: by what, and how often it said yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence


def values_of(identities: Iterable[Mapping[str, object]], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(the tool's name of the kind, value), each once: all by which the tool can be asked. `names` by our kinds."""
    found = (
        (names[kind], str(value))
        for known in identities
        for kind, value in known.items()
        if kind in names and value
    )
    return list(dict.fromkeys(found))


def erased_one_by_one(
    identities: Sequence[Mapping[str, object]], names: Mapping[str, str], ask: Callable[[str, str], bool]
) -> int:
    """`ask` for each kind and value; it says whether the tool accepted, or else knew nobody."""
    return sum(ask(kind, value) for kind, value in values_of(identities, names))
