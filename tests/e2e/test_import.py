"""Import of a workbook; spoiled rows are rejects; a second run adds nothing; no other town sees it."""

import csv
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.county import County, Office

HEADINGS = ("留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
FIELDS = ("external_number", "title", "received_at", "content", "reply", "replied_at")
REAL = Path(os.environ.get("LIANDONG_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
REAL_ROWS = 2816


def workbook(path: Path, rows: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def mapping(folder: Path) -> Path:
    columns = "\n".join(f'{name} = "{heading}"' for name, heading in zip(FIELDS, HEADINGS, strict=True))
    path = folder / "map.toml"
    path.write_text(f'[columns]\n{columns}\n\n[defaults]\nsource_channel = "WEB"\nnature = "CLAIM"\n', encoding="utf-8")
    return path


def sample_rows() -> list[tuple[object, ...]]:
    at = datetime(2019, 3, 1, 9, 30, 5)  # noqa: DTZ001 (a cell of a workbook)
    good = [(str(100 + i), f" 主题{i}\t", "2019/2/28 12:0" + str(i), f"\n\t内容{i}", f"答复{i}", at) for i in range(5)]
    spoiled = [("900", None, at, None, "答复", at), ("901", "主题", "昨天下午三点多", "内容", None, None)]
    return [*good, *spoiled, good[0]]


def run_import(town: Office, book: Path, folder: Path) -> dict[str, int]:
    done = town.verb(
        "import", book, "--map", mapping(folder), "--rejects", folder / "rejects.csv", "--json", seconds=300
    )
    assert done.code in (0, 3), str(done)
    counts: dict[str, int] = done.json
    return counts


def test_a_workbook_becomes_cases_once(county: County, new_town: Callable[[], Office], tmp_path: Path) -> None:
    town, other = new_town(), new_town()
    book = workbook(tmp_path / "留言.xlsx", sample_rows())
    counts = run_import(town, book, tmp_path)
    assert (counts["rows"], counts["imported"], counts["rejected"]) == (8, 5, 3)
    rejects = list(csv.reader((tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert "昨天" not in str(rejects)
    assert {row[0] for row in rejects} >= {"7", "8", "9"}
    again = run_import(town, book, tmp_path)
    assert (again["imported"], again["rejected"]) == (0, 8)
    town.exchange()
    other.exchange()
    assert len(town.listed("Case")) == 5
    assert other.listed("Case") == []
    first = next(row for row in town.listed("Case") if county.show("Case", row["id"])["external_number"] == "100")
    shown = county.show("Case", first["id"])
    assert (shown["title"].strip(), shown["content"].strip(), shown["reply"]) == ("主题0", "内容0", "答复0")
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]


def test_a_spoiled_workbook_is_one_line(new_town_once: Office, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    (tmp_path / "text.xlsx").write_bytes(b"not a workbook")
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04 torn")
    mapped = ("--map", mapping(tmp_path), "--rejects", tmp_path / "rejects.csv")
    before = new_town_once.listed("Case")
    for name in ("zip", "text", "torn"):
        done = new_town_once.verb("import", tmp_path / f"{name}.xlsx", *mapped)
        assert done.code == 1, str(done)
        assert len(done.err.splitlines()) == 1
    assert new_town_once.listed("Case") == before


def test_the_real_workbook(county: County, new_town: Callable[[], Office], tmp_path: Path) -> None:
    book = REAL / "messages-with-replies.xlsx"
    if not book.is_file():
        pytest.skip(f"the real workbook is not here: {book}")
    town, other = new_town(), new_town()
    counts = run_import(town, book, tmp_path)
    assert (counts["rows"], counts["imported"], counts["rejected"]) == (REAL_ROWS, REAL_ROWS, 0)
    town.exchange()
    other.exchange()
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]
    assert len(county.listed("Case", town.unit)) == REAL_ROWS
    assert other.listed("Case") == []
    assert run_import(town, book, tmp_path)["imported"] == 0
