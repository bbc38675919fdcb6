"""dlt pushing the same rows to the same tool, as its own documentation has it: a custom destination with batches.

    .venv-peers/bin/python -m tests.benchmarks.speak_peer URL PARQUET BATCH

Prints {"seconds", "cpu_seconds", "requests", "bytes"}. dlt keeps no difference to a tool: every push is a full one.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt
import pyarrow as pa
import pyarrow.parquet as pq
import requests

from tests.benchmarks.speak_server import body_of


def push(url: str, file: str, batch: int) -> dict[str, float]:
    """One run of a pipeline from the file to the tool; its seconds, and what went over the wire."""
    sent = {"requests": 0, "bytes": 0}
    session = requests.Session()

    @dlt.destination(
        batch_size=batch, loader_file_format="parquet", name="tool", skip_dlt_columns_and_tables=True
    )
    def tool(rows: pa.Table, table: Any) -> None:  # noqa: ARG001
        body = body_of(
            "add", [(json.loads(r["identity"]), json.loads(r["payload"])) for r in rows.to_pylist()]
        )
        sent["requests"], sent["bytes"] = sent["requests"] + 1, sent["bytes"] + len(body)
        session.post(url, body).raise_for_status()

    def members() -> Iterator[pa.Table]:
        for rows in pq.ParquetFile(file).iter_batches(batch * 20, columns=["identity", "payload"]):
            yield pa.Table.from_batches([rows])

    with tempfile.TemporaryDirectory() as folder:
        begun, used = time.perf_counter(), time.process_time()
        pipeline = dlt.pipeline("speak", pipelines_dir=folder, destination=tool)
        pipeline.run(members(), table_name="members")
        return {"seconds": time.perf_counter() - begun, "cpu_seconds": time.process_time() - used, **sent}


if __name__ == "__main__":
    print(json.dumps(push(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
