"""The import contracts of ``pyproject.toml``, and the rooms they cannot express."""

import subprocess
import sys

import grimp
import pytest

from tests.house.tree import ROOT


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("sync", include_external_packages=True, cache_dir=None)


def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_domain_imports_only_the_standard_library(graph: grimp.ImportGraph) -> None:
    domain = {"sync.domain", *graph.find_descendants("sync.domain")}
    imported = {name.split(".")[0] for module in domain for name in graph.find_modules_directly_imported_by(module)}
    assert imported - {"sync"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", ["os", "pathlib", "sqlite3", "socket", "subprocess", "random", "time", "asyncio"])
def test_the_domain_has_no_world(graph: grimp.ImportGraph, module: str) -> None:
    importers = graph.find_modules_that_directly_import(module) if module in graph.modules else set()
    assert {name for name in importers if name.startswith("sync.domain")} == set()
