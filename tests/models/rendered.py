"""The SQL of models over tables at hand, without dbt: so that a thousand worlds are one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import duckdb
import jinja2
import yaml

from orchestration.paths import PROJECT

MACROS = (
    "engine/add_seconds",
    "engine/array_in_order",
    "engine/bucket_of",
    "engine/each_move",
    "engine/each_place",
    "engine/identifier_key",
    "engine/item_at",
    "engine/joined_list",
    "engine/next_known",
    "engine/row_stamp",
    "engine/seconds_between",
    "engine/whole_division",
    "house/credit_of",
    "house/customer_number",
    "house/in_full",
    "house/intervals",
    "house/journey_stamp",
    "house/is_valid_now",
    "house/rounded",
    "house/step_number",
)
AS_OF = "2026-11-01 06:00:00"


class Adapter:
    """What dbt's adapter does for these macros: the default of each, which is DuckDB's."""

    @jinja2.pass_context
    def dispatch(self, context: jinja2.runtime.Context, name: str, _package: str = "") -> Any:
        return context.vars[f"default__{name}"]


@cache
def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
    settings: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    return dict(settings["vars"])


def rendered(model: str, is_incremental: bool = False, as_of: str = AS_OF, **changed: object) -> str:
    """A model of measurement as SQL; ref() is the table of that name, vars may be changed."""
    macros = "\n".join((PROJECT / "macros" / f"{name}.sql").read_text() for name in MACROS)
    text = macros + (PROJECT / "models" / "measurement" / f"{model}.sql").read_text()
    values: Mapping[str, object] = project_vars() | changed
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    return environment.from_string(text).render(
        adapter=Adapter(),
        ref=lambda name: name,
        this=model,
        var=values.__getitem__,
        config=lambda **_: "",
        is_incremental=lambda: is_incremental,
        as_of=lambda: f"cast('{as_of}' as timestamp)",
        **{"return": lambda value: value},
    )


def build(connection: duckdb.DuckDBPyConnection, models: Iterable[str], **changed: object) -> None:
    """Each model as a table, one after the other."""
    for model in models:
        connection.execute(f"create or replace table {model} as {rendered(model, **changed)}")
