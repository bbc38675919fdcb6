"""A suite as plain data, and its judgement by Great Expectations: it sees values but never repeats them."""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.expectations.pages import make_private

if TYPE_CHECKING:
    import pandas as pd

SITE = "downbeat"


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold. `kind` is Great Expectations' class; `words` are for the person who asks."""

    kind: str
    words: str
    limits: Mapping[str, object]


@dataclass(frozen=True)
class Suite:
    """What is expected of one table at one door."""

    name: str
    expectations: tuple[Expectation, ...]
    rows: pd.DataFrame


def row_count(words: str, minimum: int, maximum: int | None = None) -> Expectation:
    """Needed in every suite: an empty table passes everything else."""
    limits = {"min_value": minimum, "max_value": maximum}
    return Expectation("ExpectTableRowCountToBeBetween", words, limits)


def not_null(column: str, words: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeNull", words, {"column": column})


def unique(column: str, words: str) -> Expectation:
    return Expectation("ExpectColumnValuesToBeUnique", words, {"column": column})


def matches(column: str, regex: str, words: str) -> Expectation:
    return Expectation("ExpectColumnValuesToMatchRegex", words, {"column": column, "regex": regex})


def one_of(column: str, values: Iterable[object], words: str) -> Expectation:
    return Expectation("ExpectColumnValuesToBeInSet", words, {"column": column, "value_set": list(values)})


def between(column: str, minimum: float | None, maximum: float | None, words: str) -> Expectation:
    limits = {"column": column, "min_value": minimum, "max_value": maximum}
    return Expectation("ExpectColumnValuesToBeBetween", words, limits)


def judge(suites: Iterable[Suite], data_docs: Path | None = None) -> dict[str, list[str]]:
    """By suite the words of every expectation that did not hold; an expectation that cannot run did not hold.

    With `data_docs`, the pages of these suites are built in that folder. They show verdicts, never values.
    """
    context = _context(data_docs)
    source = context.data_sources.add_pandas("downbeat")
    failed = {suite.name: _judged(context, source, suite) for suite in suites}
    if data_docs:
        shutil.rmtree(data_docs, ignore_errors=True)
        context.build_data_docs(site_names=[SITE])
        make_private(data_docs, failed)
    return failed


def _judged(context: Any, source: Any, suite: Suite) -> list[str]:
    import great_expectations as gx
    from great_expectations import expectations as known

    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all rows")
    asked = [
        getattr(known, e.kind)(**e.limits, description=e.words, meta={"words": e.words})
        for e in suite.expectations
    ]
    written = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=asked))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=written)
    )
    checkpoint = gx.Checkpoint(
        name=suite.name, validation_definitions=[definition], result_format="BOOLEAN_ONLY"
    )
    result = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": suite.rows})
    verdicts = [verdict for run in result.run_results.values() for verdict in run.results]
    return [str(verdict.expectation_config.meta["words"]) for verdict in verdicts if not verdict.success]


def _context(data_docs: Path | None) -> Any:
    """A context that lives in memory, calls nobody, draws no bars and writes only the Data Docs asked for."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        data_docs_sites={SITE: _pages(data_docs)} if data_docs else {},
    )
    context: Any = gx.get_context(mode="ephemeral", project_config=settings)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


def _pages(folder: Path) -> dict[str, object]:
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    return {
        "class_name": "SiteBuilder",
        "store_backend": store,
        "site_index_builder": index,
        "show_how_to_buttons": False,
    }
