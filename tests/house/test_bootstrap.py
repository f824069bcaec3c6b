"""The set-up script: standard library only, old Pythons get one clear line, pins fit the declared dependencies."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from installer import bootstrap
from tests.house.tree import ROOT


def pins() -> dict[str, Version]:
    lines = (ROOT / "installer" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {normal(pin.name): Version(str(pin.specifier).removeprefix("==")) for pin in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_it_uses_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "installer" / "bootstrap.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_every_declared_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for group in project["optional-dependencies"].values() for line in group]
    wanted = [Requirement(line) for line in [*project["dependencies"], *extras]]
    pinned = pins()
    unfit = [str(need) for need in wanted if pinned.get(normal(need.name), Version("0")) not in need.specifier]
    assert unfit == []


def test_unknown_words_show_the_usage() -> None:
    script = str(ROOT / "installer" / "bootstrap.py")
    done = subprocess.run([sys.executable, script, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert bootstrap.main(["test"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "3.11" in lines[0]


def test_a_missing_system_library_is_named() -> None:
    line = bootstrap.explain_qt("ImportError: libEGL.so.1: cannot open shared object file: No such file or directory")
    assert "libEGL.so.1" in line
    assert "libegl1" in line


def test_a_changed_pin_makes_the_environment_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    before = bootstrap.wanted_stamp()
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", ROOT / "README.md")
    assert bootstrap.wanted_stamp() != before


def test_files_in_memory_only_where_there_is_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(bootstrap, "MEMORY", tmp_path)
    monkeypatch.setattr(bootstrap, "MEMORY_WANTED", 1)
    with bootstrap.temporary_files() as added:
        assert Path(added["TMPDIR"]).parent == tmp_path
        (Path(added["TMPDIR"]) / "left.txt").write_text("x", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(bootstrap, "MEMORY_WANTED", 1 << 60)
    with bootstrap.temporary_files() as added:
        assert added == {}
    monkeypatch.setattr(bootstrap, "MEMORY", tmp_path / "nowhere")
    assert bootstrap.free_memory() == 0
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with bootstrap.temporary_files() as added:
        assert added == {}
