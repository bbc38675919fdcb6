"""Downbeat's own streams: what a release publishes and syncs did, which the next run reads back as a source."""

from __future__ import annotations

import dagster as dg

from orchestration.ingestion.contract import load_contracts


def own_stream_specs() -> list[dg.AssetSpec]:
    """They close the loop in data, not in the graph: external to the graph, written when a release is published."""
    return [
        dg.AssetSpec(
            key=[contract.source, contract.stream],
            group_name="memory",
            description=contract.description,
            kinds={"parquet"},
            owners=["team:data"],
        )
        for contract in load_contracts().values()
        if contract.delivery == "own"
    ]
