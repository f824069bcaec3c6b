"""Import: sound rows become cases, spoiled rows are named without their content, a second run adds nothing."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop.services.importing.mapping import parse_mapping
from desktop.services.importing.rejects import rejects_csv
from desktop.services.importing.rows import Column, locate_columns, row_input
from desktop.services.importing.workbook import Sheet
from desktop.services.office import Office
from sync.domain.errors import InvalidInput, LiandongError, Refused
from tests.services.offices import make_profile, opened

MAP = """
[columns]
external_number = "编号"
title = "主题"
content = "详情"
received_at = "时间"
complainant_name = "用户"
village = "村"
[defaults]
secrecy = "PROTECTED"
source_channel = "WEB"
[formats]
day = "dd.MM.yyyy"
"""
HEADINGS = ("编号", "主题", "详情", "时间", "用户", "村")
ROWS: list[tuple[Any, ...]] = [
    (1, "路灯", "\n\t\t 路灯不亮 ", "2019/4/25 9:32:09", "甲某", "白云村村委会"),
    (2, "水渠", "水渠堵塞", datetime(2020, 1, 2, 3, 4), "乙某", "431021102205"),  # noqa: DTZ001
    (3, "日期错", "内容", "2019/2/30", "丙某", None),
    (4, None, "  ", "2019/4/25", "丁某", None),
    (1, "重复", "内容", "2019/4/25", "戊某", None),
    (None, "无编号", "内容", "2019/4/25", "己某", None),
    (None, None, None, None, None, None),
    (7, "别的格式", "内容", "03.05.2019", "庚某", "无此村"),
    (8, "坏字符", "内容\x7f", "03.05.2019", "辛某", None),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(make_profile(tmp_path / "town")) as opened_office:
        yield opened_office


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADINGS)
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    return tmp_path / "in.xlsx", tmp_path / "map.toml"


def test_each_row_is_a_case_or_a_reject(office: Office, files: tuple[Path, Path]) -> None:
    done = office.import_file(*files)
    assert (done.rows, done.imported) == (8, 3)
    found = [(reject.row, reject.heading, reject.reason) for reject in done.rejects]
    assert found == [
        (4, "时间", "record.no_such_moment"),
        (5, "详情", "import.no_text"),
        (6, "编号", "import.already"),
        (7, "编号", "import.no_external_number"),
        (9, "村", "record.unknown_village"),
    ]
    first = office.show("Case", office.list_page("Case").rows[-1].id)
    assert first["content"] == "\n\t\t 路灯不亮 "
    assert (first["received_at"], first["village"]) == ("2019-04-25T09:32:09", "431021102205")
    assert first["complainant"]["masked"]
    again = office.import_file(*files)
    assert (again.imported, len(office.list_page("Case").rows)) == (0, 3)


def test_rejects_carry_no_content(office: Office, files: tuple[Path, Path]) -> None:
    lines = list(csv.reader(io.StringIO(rejects_csv(office.import_file(*files).rejects, "en").decode("utf-8-sig"))))
    assert lines[0] == ["row", "heading", "reason"]
    assert not any(word in str(lines) for word in ("内容", "某", "2019/2/30"))


def spoil(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "old":
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + data)
    elif how == "text":
        path.write_text("编号,主题")
    elif how == "inside":
        with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(path, "w") as broken:
            for name in whole.namelist():
                content = whole.read(name)
                broken.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)


@pytest.mark.parametrize("how", ["cut", "old", "text", "inside", "bomb"])
def test_a_spoiled_spreadsheet_changes_nothing(office: Office, files: tuple[Path, Path], how: str) -> None:
    spoil(files[0], how)
    with pytest.raises(LiandongError) as trouble:
        office.import_file(*files)
    assert trouble.value.exit_code == 1
    assert office.list_page("Case").rows == ()


@pytest.mark.parametrize(
    "tables",
    [
        {"columns": {"title": "主题", "colour": "颜色"}},
        {"columns": {"external_number": "编号"}},
        {"columns": {"title": ""}},
        {"colums": {"title": "主题"}},
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(tables: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_mapping(tables)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2019/4/25 9:32", "2019-04-25T09:32:00.000"),
        ("2019年4月25日 下午3:05", "2019-04-25T15:05:00.000"),
        ("2019.4.25", "2019-04-25T00:00:00.000"),
        ("20190425", "2019-04-25T00:00:00.000"),
        ("2019-04-25T01:00:00+00:00", "2019-04-25T09:00:00.000"),
        (datetime(2019, 4, 25, 9, 32, 9), "2019-04-25T09:32:09.000"),  # noqa: DTZ001
    ],
)
def test_usual_dates_are_understood(cell: object, moment: str) -> None:
    mapping = parse_mapping({"columns": {"title": "主题", "received_at": "时间"}})
    found = row_input((cell,), (Column("received_at", "时间", 0),), mapping, lambda _name: None)
    assert found == {"received_at": moment}


def test_labels_of_vocabularies_are_understood() -> None:
    mapping = parse_mapping({"columns": {"title": "主题", "nature": "性质", "accused_managed_by": "管理"}})
    columns = (Column("nature", "性质", 0), Column("accused_managed_by", "管理", 1))
    found = row_input(("检举控告", "县管"), columns, mapping, lambda _name: None)
    assert found == {"nature": "ACCUSE", "accused": [{"managed_by": "COUNTY"}]}
    for brackets in ("()", "\uff08\uff09"):
        label = f"村{brackets[0]}社区{brackets[1]}干部"
        found = row_input(("", label), columns, mapping, lambda _name: None)
        assert found == {"accused": [{"managed_by": "VILLAGE"}]}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (431021196501011234, "import.digits_lost"),
        (4.31021196501e17, "import.digits_lost"),
        ("#N/A", "import.error_cell"),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_not_taken(cell: object, reason: str) -> None:
    mapping = parse_mapping({"columns": {"title": "主题", "complainant_id_number": "身份证"}})
    with pytest.raises(InvalidInput) as refused:
        row_input((cell,), (Column("complainant_id_number", "身份证", 0),), mapping, lambda _name: None)
    assert (refused.value.code, refused.value.values["field"]) == (reason, "complainant_id_number")


def test_a_heading_that_stands_twice_is_not_guessed() -> None:
    sheet = Sheet(("编号", "主题", "备注", "备注", "主题"), ())
    locate_columns(sheet, parse_mapping({"columns": {"content": "编号"}}))
    with pytest.raises(Refused, match="heading_twice"):
        locate_columns(sheet, parse_mapping({"columns": {"title": "主题"}}))
