"""TikTok: hashed people on and off custom audiences, by the streaming route. It never shows who is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syncs.asking import pages
from syncs.errors import TryLater
from syncs.identifiers import RULES
from syncs.lists import NamedLists
from syncs.matches import Matched, counted
from syncs.rows import all_accepted, identified
from syncs.shape import Answer, Codes, Example, Member, Outcome

SCHEMA = {"email": "EMAIL_SHA256", "phone_number": "PHONE_SHA256"}


class Tiktok(NamedLists):
    """Success is a code of 0 in the body, too fast is 40100, both with HTTP 200. A refused batch names no row."""

    name = "tiktok"
    version = "v1.3"
    base_url_variable = "TIKTOK_URL"
    secret_variables = ("TIKTOK_ACCESS_TOKEN", "TIKTOK_ADVERTISER")
    batch_rows = 1000
    is_ad_platform = True
    tells_matches = True
    codes = Codes(
        ("code",),
        fine=frozenset({0}),
        busy=frozenset({40100}),
        key=frozenset({40001, 40101, 40102, 40104, 40105}),
        down=frozenset({50000, 50002}),
    )
    example = Example("downbeat_a", {"email": "ann.secret@example.com"})

    def headers(self) -> dict[str, str]:
        return {"Access-Token": self.secret("TIKTOK_ACCESS_TOKEN")}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, refused = identified(members, lambda m: any(_cell(m, kind, "") for kind in SCHEMA))
        if not members:
            return refused
        audience = self.list_id(object)
        body = {
            "advertiser_ids": [self.secret("TIKTOK_ADVERTISER")],
            "action": "delete" if change == "remove" else "add",
            "id_schema": list(SCHEMA.values()),
            "batch_data": [[_cell(m, kind, audience) for kind in SCHEMA] for m in members],
        }
        self.call("POST", f"/open_api/{self.version}/segment/mapping/", body)
        return refused + all_accepted(members)

    def matched(self, object: str) -> Matched | None:
        """The people its list says it covers; it counts anew within a day or two."""
        covers = [row.get("cover_num") for row in self._audiences() if row["name"] == object]
        return counted(covers[0], covers[0]) if covers else None

    def find_lists(self) -> Iterator[tuple[str, str]]:
        yield from ((str(row["name"]), str(row["audience_id"])) for row in self._audiences())

    def _audiences(self) -> Iterator[Mapping[str, Any]]:
        params = {"advertiser_id": self.secret("TIKTOK_ADVERTISER"), "page_size": "100"}
        path = f"/open_api/{self.version}/dmp/custom_audience/list/"
        for answer in pages(self, path, params, _next_page):
            yield from answer.get("data", "list")

    def make_list(self, name: str) -> str:
        advertisers = [self.secret("TIKTOK_ADVERTISER")]
        body = {"advertiser_ids": advertisers, "action": "create", "custom_audience_name": name}
        answer = self.call("POST", f"/open_api/{self.version}/segment/audience/", body)
        return str(answer.get("data", "audience_id"))


def _cell(member: Member, kind: str, audience: str) -> dict[str, object]:
    """An identifier with the audience it is for; empty where there is none."""
    value = RULES["tiktok"].ready(kind.removesuffix("_number"), member.identity.get(kind))
    return {"id": value, "audience_ids": [audience]} if value else {}


def _next_page(answer: Answer) -> dict[str, int] | None:
    about = answer.get("data", "page_info")
    if not isinstance(about, dict):
        raise TryLater("the answer lacks what the tool promises")
    return {"page": about["page"] + 1} if about["page"] < about["total_page"] else None
