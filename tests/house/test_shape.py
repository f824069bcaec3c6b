"""Sizes, docstrings and what may lie in the tree."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Module, committed, modules, text_files

TOP_LEVEL = {"desktop", "sync", "resources", "installer", "tests", "pyproject.toml", "README.md"}
MOST_LINES = 450
MOST_FUNCTION_LINES = 60
MOST_BYTES = 200_000
LARGE = ("resources/fonts/", "resources/divisions/")
VAGUE_NAMES = {"misc", "util", "utils", "helper", "helpers", "common", "manager", "managers", "tools", "stuff"}
REGISTRIES = re.compile(
    "|".join(("py" + r"pi\.org", "python" + "hosted", r"registry\.npm" + "js", r"deb\.deb" + "ian"))
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|opt/ldv|root|home/\w+|tmp/\w+)/")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|pytest\.skip\(\s*\)|assert True\b")
THIS = "tests/house/test_shape.py"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: Module) -> list[Function]:
    return [node for node in ast.walk(module.tree) if isinstance(node, Function)]


def test_the_top_level_is_the_fixed_list() -> None:
    assert {name.split("/")[0] for name in committed() if not name.startswith(".")} <= TOP_LEVEL


def test_no_module_is_two_things() -> None:
    assert [f"{m.name} ({m.lines})" for m in modules() if m.lines > MOST_LINES] == []


def test_functions_stay_short() -> None:
    long = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in modules()
        if not module.is_migration
        for node in functions(module)
        if (node.end_lineno or node.lineno) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [m.name for m in modules() if not m.is_migration and ast.get_docstring(m.tree) is None] == []


def test_package_files_hold_a_docstring_only() -> None:
    full = [m.name for m in modules() if m.name.endswith("__init__.py") and len(m.tree.body) > 1]
    assert full == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [m.name for m in modules() if set(Path(m.name).with_suffix("").parts) & VAGUE_NAMES] == []


def test_expected_trouble_is_caught_by_name() -> None:
    broad = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.is_product
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type)
    ]
    assert broad == []


def is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(n is None or (isinstance(n, ast.Name) and n.id in ("Exception", "BaseException")) for n in names)


@pytest.mark.parametrize(
    ("what", "pattern"), [("registry", REGISTRIES), ("machine path", MACHINE_PATHS), ("unfinished work", UNFINISHED)]
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {what}"
        for name, text in text_files().items()
        if name != THIS
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_nothing_large_is_committed() -> None:
    large = [n for n in committed() if (ROOT / n).stat().st_size > MOST_BYTES and not n.startswith(LARGE)]
    assert large == []


def test_what_a_clone_starts_with_is_there() -> None:
    needed = {".ci/run", "README.md", "pyproject.toml", "installer/bootstrap.py", "installer/constraints.txt"}
    assert needed <= set(committed())
