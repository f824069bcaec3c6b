"""The statements a module holds, read from its syntax, and what the rules of the desktop's store say of one."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import Module

_STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|JOIN)\b")
_REVISION_GIVEN = re.compile(
    r"SET revision = (\?|0)|revision <=? 0\b|revision BETWEEN \? AND \?|INTO raw_record\([^)]*\)|FROM raw_record\b.*"
)
"""Where the column itself is meant: written, asked whether the row was made here, or of a kind that never is."""
_READ_BEFORE_RAW = re.compile(r"SELECT [\w, ]+ FROM raw_record\b")
_REVISION = re.compile(r"\brevision\b")
_PENDING = re.compile(r"\bpending\b(?: (?!WHERE|JOIN|USING|ON|SET|UNION|ORDER|GROUP|LIMIT|CROSS|AND|OR)(\w+))?")


def statements(module: Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string that reads as SQL or a part of it; names put in stand in braces."""
    inner = {id(part) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.JoinedStr | ast.Constant) or id(node) in inner:
            continue
        text = "".join(_part(one) for one in (node.values if isinstance(node, ast.JoinedStr) else (node,)))
        if _STATEMENT.search(text):
            yield node.lineno, " ".join(text.split())


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    return f"{{{ast.unparse(value.value)}}}" if isinstance(value, ast.FormattedValue) else ""


def reads_revision_itself(statement: str) -> bool:
    """Whether it takes the column ``revision`` of a record's row for the county's revision."""
    rest = _REVISION_GIVEN.sub("", _READ_BEFORE_RAW.sub("FROM raw_record", statement))
    return _REVISION.search(re.sub(r"\{[^}]*\}", "", rest)) is not None


def walks_pending(statement: str) -> bool:
    """Whether it looks operations up in ``pending`` by record id with nothing else to lead it there."""
    return any(_is_walk(statement, found.group(1) or "") for found in _PENDING.finditer(statement))


def _is_walk(statement: str, alias: str) -> bool:
    if re.search(rf"\bCROSS JOIN pending {alias} USING\(sequence\)", statement):
        return False
    dot = rf"\b{alias}\." if alias else r"(?<![\w.])"
    led = rf"{dot}(sequence|dossier) (=|<|>|IN|BETWEEN) "
    by_id = rf"{dot}id (=|IN|NOT IN) "
    scope = statement[statement.index("pending") :]
    return re.search(by_id, scope) is not None and re.search(led, scope) is None
