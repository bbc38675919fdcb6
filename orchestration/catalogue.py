"""Everything Dagster knows: assets by layer, checks, jobs, schedule and sensor, for one home."""

from __future__ import annotations

import dagster as dg

import orchestration.event_log  # noqa: F401  (settles how Dagster writes its log)
from orchestration.assets.ledger import GROUP, delivery_ledgers_asset, ledger_retention_asset
from orchestration.assets.lists import list_assets
from orchestration.assets.measures import path_shares_asset
from orchestration.assets.models import model_assets
from orchestration.assets.own_streams import own_stream_specs
from orchestration.assets.prices import prices_asset
from orchestration.assets.release import release_asset
from orchestration.assets.report import identity_asset, report_asset
from orchestration.assets.scoring import learning_asset
from orchestration.assets.streams import stream_assets
from orchestration.moment import KIND, MICRO
from orchestration.paths import Home
from orchestration.triggers import lost_runs_sensor, new_files_sensor, nightly_schedule, upkeep_schedule

LISTEN = dg.AssetSelection.groups("listen")
SPEAK = dg.AssetSelection.groups("speak")
UPKEEP = dg.AssetSelection.groups(GROUP)

listen_job = dg.define_asset_job("listen", selection=LISTEN, description="Take in what has arrived.")
speak_job = dg.define_asset_job(
    "speak", selection=SPEAK, description="Bring every tool in line with the current release."
)
decide_job = dg.define_asset_job(
    "decide_and_speak",
    selection=dg.AssetSelection.all() - LISTEN - UPKEEP,
    description="All but listening: for when the streams have just been taken in.",
)
main_job = dg.define_asset_job(
    "downbeat",
    selection=dg.AssetSelection.all() - UPKEEP,
    description="Listen, recognise, know, decide, publish, speak, measure.",
)
micro_job = dg.define_asset_job(
    "micro_run",
    selection=dg.AssetSelection.all() - UPKEEP,
    description="The same between two full runs, deciding only for customers of whom something new has come in.",
    tags={KIND: MICRO},
)
upkeep_job = dg.define_asset_job(
    "upkeep",
    selection=UPKEEP,
    description="Reduce the ledger to what its retention rules name; solve shared prices.",
)


def build(home: Home) -> dg.Definitions:
    """All definitions for one home. Reads the seeds and dbt's manifest; opens no warehouse and no connection."""
    return dg.Definitions(
        assets=[
            *stream_assets(home),
            *own_stream_specs(),
            model_assets(home),
            release_asset(home),
            path_shares_asset(home),
            *list_assets(home),
            report_asset(home),
            identity_asset(home),
            ledger_retention_asset(home),
            delivery_ledgers_asset(home),
            learning_asset(home),
            prices_asset(home),
        ],
        jobs=[listen_job, speak_job, decide_job, main_job, micro_job, upkeep_job],
        schedules=[nightly_schedule("downbeat"), upkeep_schedule("upkeep")],
        sensors=[new_files_sensor(home, "downbeat"), lost_runs_sensor],
        executor=dg.in_process_executor,
    )
