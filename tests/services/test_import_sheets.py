"""Sheets as people make them: merged cells, formulas nobody computed, wrong sizes, hidden sheets, other files."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop.services.importing.mapping import parse_mapping
from desktop.services.importing.rows import locate_columns, row_input
from desktop.services.importing.workbook import Sheet, Unreadable, read_workbook
from sync.domain.errors import InvalidInput, LiandongError, Refused

HEADINGS: list[Any] = ["编号", "村", "主题", "详情"]
MAPPING = parse_mapping({"columns": {"external_number": "编号", "village": "村", "title": "主题", "content": "详情"}})
Part = Callable[[str], str]


def written(folder: Path, rows: Sequence[Sequence[Any]], merged: tuple[str, ...] = (), *, change: Part = str) -> Path:
    """A workbook of rows, with its sheet's XML changed."""
    book, path = Workbook(), folder / "in.xlsx"
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    whole = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as changed:
        for name in whole.namelist():
            text = whole.read(name)
            changed.writestr(name, change(text.decode()) if name.endswith("sheet1.xml") else text)
    return path


def taken(sheet: Sheet) -> list[tuple[int, dict[str, Any] | str]]:
    """What each row gives: its input, or why it is rejected."""
    columns = locate_columns(sheet, MAPPING)
    found: list[tuple[int, dict[str, Any] | str]] = []
    for number, cells in sheet.rows:
        try:
            found.append((number, row_input(cells, columns, MAPPING, lambda _name: None)))
        except InvalidInput as trouble:
            found.append((number, f"{trouble.code} {trouble.values['field']}"))
    return found


def test_cells_merged_downward_hold_for_every_row(tmp_path: Path) -> None:
    rows = [HEADINGS, [1, "仁义村", "甲", "一"], [2, None, "乙", "二"], [3, None, "丙", "三"], [4, None, "丁", "四"]]
    found = taken(read_workbook(written(tmp_path, rows, ("B2:B4",))))
    assert [row.get("village") for _, row in found if isinstance(row, dict)] == [
        "仁义村", "仁义村", "仁义村", None,
    ]  # fmt: skip


def test_rows_with_nothing_of_their_own_are_part_of_the_one_above(tmp_path: Path) -> None:
    rows = [HEADINGS, [1, "仁义村", "甲", "一"], [None] * 4, [2, "仁义村", "乙", "二"]]
    found = taken(read_workbook(written(tmp_path, rows, ("A2:A3", "B2:B3", "C2:C3", "D2:D3"))))
    assert [number for number, _ in found] == [2, 4]


def test_cells_merged_across_columns_are_not_guessed(tmp_path: Path) -> None:
    rows = [HEADINGS, ["一、仁义镇", None, None, None], [2, "仁义村", "乙", None], [3, "仁义村", "丙", "三"]]
    found = taken(read_workbook(written(tmp_path, rows, ("A2:D2", "C3:D3"))))
    assert [row if isinstance(row, str) else number for number, row in found] == [
        "import.merged_across village", "import.merged_across content", 4,
    ]  # fmt: skip


def test_merged_headings_are_not_filled_into_the_rows(tmp_path: Path) -> None:
    rows = [HEADINGS, [None, None, None, "小标题"], [1, "仁义村", "甲", "一"]]
    found = taken(read_workbook(written(tmp_path, rows, ("A1:A2", "C1:C2"))))
    assert found[0] == (2, {"content": "小标题"})


def test_a_formula_without_a_result_is_no_empty_cell(tmp_path: Path) -> None:
    rows = [HEADINGS, [1, "仁义村", "甲", "=A2&B2"], [2, "仁义村", "乙", "=A3"], ["=A1", None, None, None]]
    found = taken(read_workbook(written(tmp_path, rows)))
    assert found == [
        (2, "import.not_computed content"),
        (3, "import.not_computed content"),
        (4, "import.not_computed external_number"),
    ]


def test_an_empty_result_of_a_formula_is_an_empty_text(tmp_path: Path) -> None:
    def computed(xml: str) -> str:
        cell = '<c r="D2"><f>A2&amp;B2</f><v /></c>'
        assert cell in xml or '<c r="D2"><f>A2&amp;B2</f><v></v></c>' in xml, xml
        return xml.replace(cell, '<c r="D2" t="str"><f>A2&amp;B2</f><v></v></c>')

    rows = [HEADINGS, [1, "仁义村", "甲", "=A2&B2"]]
    found = taken(read_workbook(written(tmp_path, rows, change=computed)))
    assert found == [(2, {"external_number": "1", "village": "仁义村", "title": "甲"})]


def test_a_sheet_that_says_it_is_smaller_is_read_whole(tmp_path: Path) -> None:
    rows = [HEADINGS, *[[number, "仁义村", "甲", "一"] for number in range(1, 21)]]

    def smaller(xml: str) -> str:
        assert '<dimension ref="A1:D21"' in xml
        return xml.replace('<dimension ref="A1:D21"', '<dimension ref="A1:B3"')

    found = taken(read_workbook(written(tmp_path, rows, change=smaller)))
    assert len(found) == 20 and all(isinstance(row, dict) and row["content"] == "一" for _, row in found)


def test_a_stray_cell_far_below_is_a_row_of_its_own(tmp_path: Path) -> None:
    rows = [HEADINGS, [1, "仁义村", "甲", "一"]]

    def far(xml: str) -> str:
        return xml.replace("</sheetData>", '<row r="1048576"><c r="A1048576" t="n"><v>7</v></c></row></sheetData>')

    assert [number for number, _ in read_workbook(written(tmp_path, rows, change=far)).rows] == [2, 1048576]


def test_the_first_sheet_that_shows_is_read(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "in.xlsx"
    assert book.active is not None
    book.active.append(["旧"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("台账")
    shown.append(HEADINGS)
    shown.append([1, "仁义村", "甲", "一"])
    book.save(path)
    assert read_workbook(path).headings == tuple(HEADINGS)


@pytest.mark.parametrize(
    "data",
    [b"", "编号,主题\n1,甲\n".encode("gbk"), "编号,主题\n".encode("utf-16"), b"<html><table></table></html>", b"PK"],
)
def test_other_files_under_the_name_are_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(data)
    with pytest.raises(LiandongError, match=r"import\.(not_xlsx|damaged)"):
        read_workbook(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("content.xml", "x")
    with pytest.raises(Refused, match=r"import\.not_xlsx"):
        read_workbook(path)


def test_merges_without_end_are_refused(tmp_path: Path) -> None:
    rows = [HEADINGS, *[[number, "仁义村", "甲", "一"] for number in range(1, 41)]]

    def many(xml: str) -> str:
        cells = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(2, 200))
        return xml.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>")

    sheet = read_workbook(written(tmp_path, rows, change=many))
    assert sheet.rows[1][1][1] is Unreadable.ACROSS

    def more(xml: str) -> str:
        cells = '<mergeCell ref="A2:XFD1048576"/>' * 200
        return xml.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>")

    with pytest.raises(Refused, match="too_large"):
        read_workbook(written(tmp_path, rows, change=more))
