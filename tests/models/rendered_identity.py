"""Models and macros of identity as Jinja renders them, with what they ask dbt for answered here.

Rendered for every run, as dbt does: what a pass goes on from is asked while a model is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import jinja2

from orchestration.paths import PROJECT
from tests.models.rendered import project_vars

MACRO = re.compile(r"(\{%-?\s*macro\s+)(\w+)\(")
MATERIALIZATION = re.compile(r"\{%\s*materialization\s+(\w+),.*?%\}")


class Returned(Exception):
    """What dbt's return() gives out of a macro, however deep it stands."""


def give(value: Any) -> None:
    raise Returned(value)


class Relation:
    """A table or view, as models and macros name it."""

    database = "warehouse"

    def __init__(self, identifier: str) -> None:
        is_seed = (PROJECT / "seeds" / f"{identifier}.csv").exists()
        self.schema = "seeds" if is_seed else "staging" if identifier.startswith("stg_") else "identity"
        self.identifier = identifier

    def __str__(self) -> str:
        return f"{self.schema}.{self.identifier}"

    def incorporate(self, path: Mapping[str, str] | None = None, **_: str) -> Relation:
        return Relation((path or {}).get("identifier", self.identifier))


class Turn:
    """The model whose turn it is: what `this`, `config` and `ref` mean while it is rendered."""

    def __init__(self) -> None:
        self.begin("none")

    def begin(self, model: str) -> None:
        self.relation = Relation(model)
        self.settings: dict[str, Any] = {"contract": SimpleNamespace(enforced=False)}
        self.reads: set[str] = set()

    def __call__(self, **settings: Any) -> str:
        self.settings |= settings
        return ""

    def get(self, name: str, otherwise: Any = None) -> Any:
        return self.settings.get(name, otherwise)

    def require(self, name: str) -> Any:
        return self.settings[name]

    def ref(self, model: str) -> Relation:
        self.reads.add(model)
        return Relation(model)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.relation, name)

    def __str__(self) -> str:
        return str(self.relation)


class Jinja:
    """The project's macros, and beside them what dbt would put there. names: what depends on a warehouse."""

    def __init__(self, turn: Turn, names: Mapping[str, Any]) -> None:
        self.turn = turn
        self.environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        self.told: dict[str, Any] = {}
        self.macros: dict[str, Callable[..., Any]] = {}
        self.names: dict[str, Any] = {
            **self.environment.globals,
            "return": give,
            "var": lambda name, otherwise=None: self.told.get(name, project_vars().get(name, otherwise)),
            "env_var": lambda _, otherwise="": otherwise,
            "this": turn,
            "config": turn,
            "ref": turn.ref,
            "model": SimpleNamespace(resource_type="model"),
            "target": SimpleNamespace(type="duckdb"),
            "should_full_refresh": lambda: False,
            "run_hooks": lambda _: "",
            "run_started_at": datetime(2000, 1, 1),
            **names,
        }
        texts = [_plain(file.read_text()) for file in sorted((PROJECT / "macros").rglob("*.sql"))]
        found = {name for text in texts for _, name in MACRO.findall(text)}
        # every call goes by this dictionary, also of a macro in the same file, so that return() ends one macro
        self.names |= {name: self._ending_at_return(name) for name in found}
        for text in texts:
            module = self._template(MACRO.sub(r"\1own_\2(", text)).make_module(self.names, shared=True)
            self.macros |= {name: getattr(module, f"own_{name}") for _, name in MACRO.findall(text)}

    def _template(self, text: str) -> jinja2.Template:
        return self.environment.from_string(text)

    def _ending_at_return(self, name: str) -> Callable[..., Any]:
        def call(*words: Any, **named: Any) -> Any:
            try:
                return self.macros[name](*words, **named)
            except Returned as returned:
                return returned.args[0]

        return call

    def dispatch(self, name: str, _package: str = "") -> Any:
        """DuckDB's own macro, else the default."""
        return self.names.get(f"duckdb__{name}") or self.names[f"default__{name}"]

    def render(self, model: str) -> str:
        """A model's SQL. What it says of itself and reads is then to be asked of the turn."""
        self.turn.begin(model)
        return _read(model, self.environment).render(self.names)


def _plain(text: str) -> str:
    return MATERIALIZATION.sub(r"{% macro materialization_\1() %}", text).replace(
        "endmaterialization", "endmacro"
    )


@cache
def _read(model: str, environment: jinja2.Environment) -> jinja2.Template:
    return environment.from_string((PROJECT / "models" / "identity" / f"{model}.sql").read_text())
