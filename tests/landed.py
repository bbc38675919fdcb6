"""What lies in a home's landing folder, taken in as a run would: every stream that comes from outside."""

from __future__ import annotations

from datetime import datetime

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.ingestion.own import ensure_declared
from orchestration.paths import Home
from orchestration.transform import WITHOUT_TESTS

ONLY_MODELS = ["build", *WITHOUT_TESTS]


def take_in(home: Home, moment: datetime) -> None:
    """Declare every stream and load every file that has landed."""
    ensure_declared(home)
    for contract in load_contracts().values():
        if contract.delivery != "own":
            ingest_files(home, contract, moment)
