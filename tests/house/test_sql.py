"""Two rules of the desktop's store that only its statements can break."""

import ast

import pytest

from desktop.storage.confirmed import REVISION
from desktop.storage.rows import select_sql
from sync.domain.records import KINDS
from tests.house.sql import reads_revision_itself, statements, walks_pending
from tests.house.tree import Module, modules

ONE_WALK_FOR_A_PAGE = "p.id IN (SELECT value FROM json_each(?)) ORDER BY p.sequence"
"""The overlay of all records of a page: the one statement that reads ``pending`` through, once for all of them."""


def of_the_store() -> list[Module]:
    return [
        module
        for module in modules()
        if module.name.startswith("desktop/") and not module.is_migration and module.name != confirmed()
    ]


def confirmed() -> str:
    """Where REVISION is made."""
    return "desktop/storage/confirmed.py"


def test_a_revision_is_read_through_what_the_county_confirmed() -> None:
    raw = [
        f"{module.name}:{line} {statement}"
        for module in of_the_store()
        for line, statement in statements(module)
        if reads_revision_itself(statement)
    ]
    assert raw == []


def test_the_table_of_a_kind_names_its_revision_in_its_declaration_alone() -> None:
    named = [
        f"{module.name}:{node.lineno}"
        for module in of_the_store()
        if module.name != "desktop/storage/tables.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "revision"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "c"
    ]
    assert named == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_rows_are_selected_with_it(kind: str) -> None:
    assert REVISION in select_sql(kind) and not reads_revision_itself(select_sql(kind).replace(REVISION, "{R}"))


def test_what_lies_over_a_record_is_found_along_its_dossier() -> None:
    walked = [
        f"{module.name}:{line} {statement}"
        for module in of_the_store()
        for line, statement in statements(module)
        if walks_pending(statement) and not statement.endswith(ONE_WALK_FOR_A_PAGE)
    ]
    assert walked == []


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ('"SELECT id, revision FROM record_case WHERE id = ?"', True),
        ('f"SELECT max(revision) FROM {table}"', True),
        ('f"UPDATE {table} SET hash = ? WHERE id = ? AND revision = ?"', True),
        ('f"SELECT id, {REVISION} FROM {table}"', False),
        ('"SELECT kind, id, revision FROM raw_record WHERE kind = ?"', False),
        ('f"UPDATE {table} SET revision = ?, hash = ? WHERE id = ? AND revision <= 0 AND {REVISION} = 0"', False),
    ],
)
def test_a_planted_revision_is_seen(planted: str, told: bool) -> None:
    ((_, statement),) = statements(Module("desktop/planted.py", planted, ast.parse(planted)))
    assert reads_revision_itself(statement) is told


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ('"SELECT 1 FROM pending WHERE id = ? LIMIT 1"', True),
        ('"DELETE FROM pending WHERE id IN (SELECT value FROM json_each(?))"', True),
        ('"SELECT 1 FROM outbox_state o JOIN pending p USING(sequence) WHERE p.id = ?"', True),
        ('f"SELECT 1 FROM {t} k WHERE k.revision = 0 AND EXISTS (SELECT 1 FROM pending q WHERE q.id = k.id)"', True),
        ('f"SELECT 1 FROM json_each(?) d {LYING_OVER} WHERE p.id = ?"', False),
        ('"DELETE FROM pending WHERE sequence IN (SELECT value FROM json_each(?)) AND id = ?"', False),
        ('"SELECT 1 FROM outbox_state o CROSS JOIN pending p USING(sequence) WHERE p.id = k.id"', False),
    ],
)
def test_a_planted_walk_is_seen(planted: str, told: bool) -> None:
    ((_, statement),) = statements(Module("desktop/planted.py", planted, ast.parse(planted)))
    assert walks_pending(statement) is told
