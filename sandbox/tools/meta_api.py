"""Meta's manners: Graph errors, the usage header, parameters in a query, a form or a JSON body."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from sandbox.tools.pace import State
from sandbox.tools.shape import SHA256, Misfit, a_list, an_object
from sandbox.tools.wire import Answer, Refusal, Request, cursor_of, json_bytes, read_cursor

VERSION = "v26.0"
MOST_ROWS = 10_000
HASHED = {"EMAIL", "PHONE", "GEN", "DOBY", "DOBM", "DOBD", "LN", "FN", "FI", "CT", "ST", "ZIP", "COUNTRY",
          "EMAIL_SHA256", "PHONE_SHA256"}  # fmt: skip
PLAIN = {"EXTERN_ID", "MADID", "MOBILE_ADVERTISER_ID"}
ASIDE = {"LOOKALIKE_VALUE", "DATA_PROCESSING_OPTIONS", "DATA_PROCESSING_OPTIONS_COUNTRY",
         "DATA_PROCESSING_OPTIONS_STATE"}  # fmt: skip
EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# A name about health or money gets an audience flagged.
SENSITIVE = ("diabet", "cancer", "pregnan", "depress", "health", "debt", "credit score", "bankrupt", "income")


def graph_error(status: int, code: int, message: str, subcode: int = 0, title: str = "") -> Answer:
    kind = "OAuthException" if code in (10, 190, 200) or code < 100 else "FacebookApiException"
    error: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode:
        error |= {"error_subcode": subcode, "error_user_title": title, "error_user_msg": message}
    return Answer(status, {"error": {**error, "fbtrace_id": secrets.token_urlsafe(8)}})


def invalid(message: str, subcode: int = 0, title: str = "") -> Refusal:
    return Refusal(graph_error(400, 100, f"(#100) {message}", subcode, title))


def usage(account: str, kind: str, state: State) -> str:
    """The X-Business-Use-Case-Usage header: percentages of the hour's quota, and minutes to wait once it is used."""
    percent = round(100 * (1 - state.remaining / state.window.limit)) if not state.is_over else 100
    wait = -(-state.resets_in // 60) if state.is_over else 0
    entry = {"type": kind, "call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4,
             "estimated_time_to_regain_access": wait, "ads_api_access_tier": "standard_access"}  # fmt: skip
    return json_bytes({account.removeprefix("act_"): [entry]}).decode()


def parameters(request: Request) -> dict[str, object]:
    """Query and body as one set of parameters; JSON inside a form or query is read."""
    found: dict[str, object] = dict(request.query)
    if request.body:
        if "form" in request.headers.get("content-type", ""):
            found |= dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        else:
            try:
                found |= an_object(json.loads(request.body), "", (), None)
            except (ValueError, Misfit):
                raise invalid("The body is neither a form nor a JSON object.") from None
    return {name: _read(value) if name in ("payload", "session") else value for name, value in found.items()}


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise invalid("A parameter is not valid JSON.") from None


def place_of(request: Request, parts: int) -> list[str]:
    """The key after which a page starts: as many texts as a cursor has parts, empty on the first page."""
    after = request.query.get("after", "")
    found = read_cursor(after) if after else [""] * parts
    if not found or len(found) != parts:
        raise invalid("Invalid cursors values")
    return found


def page(request: Request, data: Sequence[object], keys: Sequence[tuple[object, ...]], limit: int) -> Answer:
    """A page of at most `limit`; `keys` are the keys of the rows found, one more than shown where there are more."""
    body: dict[str, object] = {"data": data}
    if data:
        cursors = {"before": cursor_of(*keys[0]), "after": cursor_of(*keys[len(data) - 1])}
        shown = {k: v for k, v in request.query.items() if k != "access_token"}
        following = f"{request.base_url}{request.path}?{urlencode({**shown, 'after': cursors['after']})}"
        body["paging"] = {"cursors": cursors, **({"next": following} if len(keys) > limit else {})}
    return Answer(200, body)


Person = dict[str, str]


def people(payload: object) -> tuple[list[Person], dict[str, str]]:
    """The people of a payload, and a sample of what is wrong with the others: row number to reason.

    Raises Misfit where the payload as a whole cannot be read: schema, width, number of rows.
    """
    known = an_object(payload, "payload", ("schema", "data"), ("is_raw", "page_ids", "app_ids"))
    single = isinstance(known["schema"], str)
    schema = [known["schema"]] if single else a_list(known["schema"], "payload/schema")
    if len(set(map(str, schema))) < len(schema) or set(map(str, schema)) - HASHED - PLAIN - ASIDE:
        raise Misfit("payload/schema", "names an unknown key, or one twice")
    rows = a_list(known["data"], "payload/data", MOST_ROWS)
    found, wrong = [], {}
    for place, row in enumerate(rows):
        cells = [row] if single and not isinstance(row, list) else row
        if not isinstance(cells, list) or len(cells) != len(schema):
            raise Misfit("payload/data", "has a row whose width is not the schema's")
        person, reason = _person([str(key) for key in schema], cells)
        if reason:
            wrong[str(place)] = reason
        else:
            found.append(person)
    return found, wrong


def _person(schema: list[str], cells: list[object]) -> tuple[Person, str]:
    person: Person = {}
    for key, cell in zip(schema, cells, strict=True):
        if key in ASIDE or cell == "":
            continue
        if not isinstance(cell, str) or cell == EMPTY_HASH or (key in HASHED and not SHA256.fullmatch(cell)):
            return (
                {},
                f"{key} is not a SHA-256 in lower-case hex" if key in HASHED else f"{key} is not a text",
            )
        person[key.removesuffix("_SHA256")] = cell
    return person, "" if person else "no identifier"
