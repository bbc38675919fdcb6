"""Size limits, names we do not use, and things that must never be in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib

from tests.conftest import PROJECT

ROOMS = ("orchestration", "syncs", "estimators", "sandbox")
FILES = [file for room in ROOMS for file in (PROJECT / room).rglob("*.py")]


def test_a_module_has_at_most_two_hundred_lines() -> None:
    assert [f"{f.relative_to(PROJECT)}" for f in FILES if len(f.read_text().splitlines()) > 200] == []


def test_a_function_has_at_most_thirty_lines() -> None:
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                start = node.body[0].lineno if not ast.get_docstring(node) else node.body[0].end_lineno or 0
                length = (node.end_lineno or 0) - start + 1
                if length > 30:
                    wrong.append(f"{file.relative_to(PROJECT)}:{node.lineno} {node.name} ({length})")
    assert wrong == []


def test_a_macro_has_at_most_twenty_five_lines() -> None:
    wrong = []
    for file in (PROJECT / "macros").rglob("*.sql"):
        for macro in re.finditer(
            r"{%-?\s*(?:macro|materialization)\s+(\w+).*?{%-?\s*end(?:macro|materialization)",
            file.read_text(),
            re.S,
        ):
            if macro.group(0).count("\n") + 1 > 25:
                wrong.append(f"{file.relative_to(PROJECT)} {macro.group(1)}")
    assert wrong == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "manager", "util", "helper", "misc"}
    assert [f for f in FILES if f.stem in drawers] == []


def test_every_folder_with_code_is_installed() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    named = set(settings["tool"]["setuptools"]["packages"])
    assert {".".join(file.relative_to(PROJECT).parent.parts) for file in FILES} == named


def test_no_machine_path_and_no_registry_is_in_a_tracked_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    bad = re.compile(r"/ro" + r"ot/|/wo" + r"rk/|pypi\.o" + r"rg|index-" + r"url|/tm" + r"p/")
    wrong = []
    for name in listed.splitlines():
        file = PROJECT / name
        if (
            file.suffix in {".py", ".sql", ".yml", ".md", ".csv", ".toml", ".lock", ".in", ""}
            and file.is_file()
        ):
            wrong += [
                f"{name}:{n}" for n, line in enumerate(file.read_text().splitlines(), 1) if bad.search(line)
            ]
    assert wrong == []
