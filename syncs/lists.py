"""Tools whose lists have ids of their own: found by name once a run, made where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from syncs.connector import Connector
from syncs.errors import BadSetup
from syncs.matches import Matched

# What a list of an ad platform may not be named after: the platform would know it of everybody on the list.
TELLING = re.compile(
    r"cancer|diabet|pregnan|depress|illness|disease|health|medic|debt|credit|bankrupt|income|loan|relig|ethnic"
    r"|sexual|divorc|@",
    re.IGNORECASE,
)


class NamedLists(Connector):
    """`find_lists` and `make_list` are the tool's; everybody else asks `list_id`."""

    is_ad_platform: ClassVar[bool] = False
    tells_matches: ClassVar[bool] = False

    def find_lists(self) -> Iterator[tuple[str, str]]:
        """(name, id) of every list there is."""
        raise NotImplementedError

    def make_list(self, name: str) -> str:  # noqa: ARG002
        """Make a list that people can be put on by hand. Returns its id."""
        raise BadSetup(f"{self.name} has no such list, and its lists are made by a person")

    def matched(self, object: str) -> Matched | None:  # noqa: ARG002
        """How many people of the list `object` the tool found among its own; None where it has not said."""
        raise BadSetup(f"{self.name} does not say whom it found")

    @cached_property
    def known_lists(self) -> dict[str, str]:
        return dict(self.find_lists())

    def list_id(self, name: str) -> str:
        """The id of the list `name`. Raises BadSetup where an ad platform would learn something from the name."""
        if self.is_ad_platform and TELLING.search(name):
            raise BadSetup(f"{self.name}: give this list a neutral name, the platform reads it")
        if name not in self.known_lists:
            self.known_lists[name] = self.make_list(name)
        return self.known_lists[name]
