"""What is committed, read once for the house tests."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT_SUFFIXES = frozenset(
    (".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".sh", ".cfg", ".ini", ".qss", ".svg", ".iss")
)


@dataclass(frozen=True, slots=True)
class Module:
    """One committed Python file."""

    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n") + 1

    @property
    def is_product(self) -> bool:
        return not self.name.startswith("tests/")

    @property
    def is_migration(self) -> bool:
        return "/migrations/versions/" in self.name


@cache
def committed() -> tuple[str, ...]:
    """Names of all committed files that are still there."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listing.decode().split("\0") if name]
    return tuple(name for name in names if (ROOT / name).is_file())


@cache
def modules() -> tuple[Module, ...]:
    """All committed Python files."""
    found = []
    for name in committed():
        if name.endswith(".py"):
            text = (ROOT / name).read_text(encoding="utf-8")
            found.append(Module(name, text, ast.parse(text)))
    return tuple(found)


@cache
def text_files() -> dict[str, str]:
    """Committed files that people read, by name."""
    names = [name for name in committed() if Path(name).suffix in TEXT_SUFFIXES or name.startswith(".ci/")]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
