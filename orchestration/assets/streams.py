"""One Dagster asset per stream that comes from outside: files dropped, signed webhooks, and what a connector reads."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.connections import is_connected
from orchestration.expectations.landing import check_loads
from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.ingestion.inbox import ingest_inbox
from orchestration.ingestion.loads import Load
from orchestration.ingestion.pull import ingest_pull
from orchestration.moment import as_of
from orchestration.paths import Home
from syncs.catalogue import connector_for


def stream_assets(home: Home) -> list[dg.AssetsDefinition]:
    """An asset for every declared stream that is not our own."""
    return [stream_asset(home, c) for c in load_contracts().values() if c.delivery != "own"]


def stream_asset(home: Home, contract: StreamContract) -> dg.AssetsDefinition:
    """Key <source>/<stream>; one materialisation ingests all that arrived since the last."""

    @dg.asset(
        key=[contract.source, contract.stream],
        group_name="listen",
        description=contract.description,
        kinds={"parquet", contract.delivery},
        owners=["team:data"],
        pool=f"listen_{contract.source}",
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36)),
        check_specs=[dg.AssetCheckSpec("fits_its_contract", asset=[contract.source, contract.stream])],
    )
    def stream(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        loads = listen(home, contract, as_of(context))
        broken = check_loads(
            home, [(contract, load) for load in loads], home.reports / "data_docs" / "landing"
        )
        return dg.MaterializeResult(
            metadata=told(loads), check_results=[fits(loads, broken.get(contract.name, []))]
        )

    return stream


def listen(home: Home, contract: StreamContract, moment: datetime) -> list[Load]:
    """Take in everything new of one stream: files first, then the webhook spool, then the source's API."""
    loads = list(ingest_files(home, contract, moment))
    if contract.delivery == "webhook":
        loads += ingest_inbox(home, contract, moment)
    if contract.delivery == "rest" and is_connected(contract.source):
        pulled = ingest_pull(home, contract, connector_for(contract.source), moment)
        loads += [pulled] if pulled else []
    return loads


def told(loads: Sequence[Load]) -> dict[str, Any]:
    """What a person watching wants to know of this delivery."""
    reasons = Counter[str]()
    for load in loads:
        reasons.update(load.reasons)
    return {
        "loads": len(loads),
        "dagster/row_count": sum(load.rows_kept for load in loads),
        "rows_quarantined": sum(load.rows_quarantined for load in loads),
        "deliveries": dg.MetadataValue.md(table_of(loads)),
        "reasons": dg.MetadataValue.md(
            "\n".join(f"- {words}: {rows}" for words, rows in reasons.items()) or "none"
        ),
    }


def table_of(loads: Sequence[Load]) -> str:
    """The loads as a small Markdown table."""
    head = "| kind | file | rows in | kept | quarantined | look at |\n|---|---|---:|---:|---:|---|"
    rows = [
        f"| {x.kind} | {x.source_file or '-'} | {x.rows_in} | {x.rows_kept} | {x.rows_quarantined} "
        f"| {'; '.join([*x.flags, *(f'new column {name}' for name in x.new_columns)])} |"
        for x in loads
    ]
    return "\n".join([head, *rows[-50:]])


def fits(loads: Sequence[Load], broken: Sequence[str]) -> dg.AssetCheckResult:
    """Quarantined rows and broken expectations are a warning, with their count; they never stop the rest."""
    quarantined = sum(load.rows_quarantined for load in loads)
    refused = sum(load.is_refused for load in loads)
    return dg.AssetCheckResult(
        passed=not (quarantined or refused or broken),
        check_name="fits_its_contract",
        severity=dg.AssetCheckSeverity.ERROR if refused or broken else dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_quarantined": quarantined,
            "files_refused": refused,
            "expectations_broken": list(broken),
        },
    )
