"""From the webhook inbox to raw: accepted bodies become one load, refused ones stand in quarantine with the reason."""

from __future__ import annotations

import json
from datetime import datetime

from orchestration.ingestion.commit import Failpoint, Shelf, load_id_of, next_moment, nothing, shelf
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.files import content_hash
from orchestration.ingestion.loads import Load, committed_loads, stream_folder
from orchestration.ingestion.pull import json_line
from orchestration.ingestion.spooled_bodies import Body, Waiting
from orchestration.ingestion.taking import Delivery, take_in
from orchestration.paths import Home


def ingest_inbox(
    home: Home, contract: StreamContract, loaded_at: datetime, *, at: Failpoint = nothing
) -> list[Load]:
    """Take in what waits in the inbox: one load of what was signed, one per reason of what was refused."""
    waiting = Waiting(stream_folder(home.root / "inbox", contract.name))
    if not waiting.new() and not waiting.refused():
        return []
    loads: list[Load] = []
    with shelf(home, contract.name, at) as held:
        known = committed_loads(home, contract.name)
        taken = {name for load in known for name in load.deliveries}
        for bodies in (waiting.new(), *by_reason(waiting.refused())):
            fresh = [body for body in bodies if body.name not in taken]
            if fresh:
                moment = next_moment([*known, *loads], loaded_at)
                loads.append(take_in(held, contract, delivery_of(held, contract, fresh, moment)))
            at("before clearing")
            waiting.done(bodies)
    return loads


def by_reason(refused: list[Body]) -> list[list[Body]]:
    """Refused bodies, those with the same reason together."""
    reasons = dict.fromkeys(body.reason for body in refused)
    return [[body for body in refused if body.reason == reason] for reason in reasons]


def delivery_of(held: Shelf, contract: StreamContract, bodies: list[Body], moment: datetime) -> Delivery:
    """Bodies as one file of JSON lines and the load it becomes; refused ones bring their common reason."""
    path = held.scratch / "bodies.ndjson"
    reason = bodies[0].reason
    path.write_bytes(b"".join(one_line(b.body) if reason else records_of(b.body) for b in bodies))
    sha256 = content_hash(path)
    load = Load(
        load_id=load_id_of(moment, sha256),
        stream=contract.name,
        kind="webhook",
        loaded_at=moment,
        file_sha256=sha256,
        deliveries=tuple(body.name for body in bodies),
        contract_version=contract.version,
    )
    return Delivery(path, "ndjson", load, refuse_from=None, refused_because=reason)


def records_of(body: bytes) -> bytes:
    """A signed body as lines of JSON, one per record; one that is not JSON stays one line, for quarantine."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return one_line(body)
    if isinstance(said, dict) and "type" in said and isinstance(said.get("data"), dict | list):
        said = said["data"]
    return "".join(json_line(record) for record in (said if isinstance(said, list) else [said])).encode()


def one_line(body: bytes) -> bytes:
    """Whatever was sent, on one line."""
    return (b" ".join(body.splitlines()) or b"(empty)") + b"\n"
