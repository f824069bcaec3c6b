"""Attachments: cleaned without loss, sealed, opened in memory, never in plain on the disk."""

import io
from pathlib import Path

import pytest
from PIL import Image

from desktop.errors import NotFound
from desktop.services.office import Office
from sync.domain.errors import Damaged, LiandongError, Refused, UsageError
from tests.services.offices import make_profile, opened
from tests.services.pictures import PLACE, clean, jpeg, picture, png

CASE = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "村道硬化"}
SECRET = "只有附件里才有的句子".encode()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("data", [jpeg(), jpeg(6), jpeg(8, progressive=True), png(), png(3)])
def test_what_a_picture_tells_besides_itself_goes(data: bytes) -> None:
    assert PLACE in data
    kept = clean(data)
    assert PLACE not in kept and pixels(kept) == pixels(data)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(kept)) as after:
        assert after.getexif().get(0x0112, 1) == before.getexif().get(0x0112, 1)
        assert set(after.getexif()) <= {0x0112} and not after.getexif().get_ifd(0x8825)
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert clean(kept) == kept


def test_a_picture_that_cannot_be_cleaned_is_refused() -> None:
    whole = jpeg()
    for broken in (whole[:4] + b"\0\0" + whole[4:], b"\xff\xd8\xff", png()[:60]):
        with pytest.raises(Damaged, match=r"attachment\.picture"):
            clean(broken)


def test_a_picture_cut_short_in_the_camera_is_kept() -> None:
    kept = clean(jpeg()[:-50])
    assert PLACE not in kept and kept.startswith(b"\xff\xd8")


def case_of(office: Office) -> str:
    return office.record("Case", CASE).id


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_attached_listed_opened_exported(tmp_path: Path) -> None:
    photo = write(tmp_path, "现场.jpg", jpeg(6))
    before = photo.read_bytes()
    with opened(make_profile(tmp_path / "p")) as office:
        case = case_of(office)
        made = office.attach("Case", case, photo, "村口照片")
        scan = office.attach("Case", case, write(tmp_path, "a.pdf", b"%PDF-1.7 " + SECRET))
        rows = office.attachments("Case", case)
        assert [(row.id, row.title, row.here) for row in rows] == [(made.id, "村口照片", True), (scan.id, None, True)]
        assert [row.title for row in office.list_page("Attachment").rows] == ["a.pdf", "村口照片"]
        shown = office.show("Attachment", made.id)
        assert (shown["blob"], shown["size"], "key" in shown) == (made.blob, made.size, False)
        kept = office.open_attachment(made.id)
        assert (kept.media_type, kept.data) == ("image/jpeg", clean(before))
        office.export_attachment(scan.id, tmp_path / "out" / "b.pdf")
        assert (tmp_path / "out" / "b.pdf").read_bytes() == b"%PDF-1.7 " + SECRET
        assert [one.code for one in made.warnings + scan.warnings] == ["attachment.metadata_stays"]
        assert office.search("村口照片")[0].id == made.id
        assert office.verify()["store"] == "ok"
    assert photo.read_bytes() == before
    files = [path for path in (tmp_path / "p").rglob("*") if path.is_file()]
    assert len([path for path in files if path.parent.name == "blobs"]) == 2
    assert not any(SECRET in path.read_bytes() or picture().tobytes()[:60] in path.read_bytes() for path in files)


def test_refusals_change_nothing(tmp_path: Path) -> None:
    with opened(make_profile(tmp_path / "p")) as office:
        case = case_of(office)
        sealed = {"received_at": "2026-11-20T14:05", "secrecy": "SEALED", "envelope_number": "7", "handed_to": "李"}
        stub = office.record("Reception", sealed).id
        good = write(tmp_path, "a.pdf", b"%PDF-")
        tries: list[tuple[type[LiandongError], str, str, Path]] = [
            (UsageError, "Step", case, good), (NotFound, "Case", "0" * 32, good), (Refused, "Reception", stub, good),
            (Refused, "Case", case, tmp_path / "none"), (Refused, "Case", case, write(tmp_path, "e.txt", b"")),
            (Damaged, "Case", case, write(tmp_path, "b.jpg", b"\xff\xd8\xffrubbish")),
        ]  # fmt: skip
        for error, kind, record, file in tries:
            with pytest.raises(error):
                office.attach(kind, record, file)
        assert office.count("Attachment") == 0 and not list((tmp_path / "p" / "blobs").iterdir())


def test_a_protected_matter_warns(tmp_path: Path) -> None:
    with opened(make_profile(tmp_path / "p")) as office:
        case = office.record("Case", {**CASE, "secrecy": "PROTECTED"}).id
        made = office.attach("Case", case, write(tmp_path, "a.png", png()))
        assert [one.code for one in made.warnings] == ["attachment.protected"]


def test_what_a_kill_left_goes_at_the_next_opening(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "p")
    with opened(folder) as office:
        case = case_of(office)
        made = office.attach("Case", case, write(tmp_path, "a.pdf", b"%PDF-"))
    blobs = folder / "blobs"
    for name in ("ab.new", "a" * 64, "b" * 64 + ".part"):
        (blobs / name).write_bytes(b"left over")
    with opened(folder) as office:
        assert [path.name for path in blobs.iterdir()] == [made.blob]
        assert office.open_attachment(made.id).data == b"%PDF-"


def test_a_changed_file_does_not_open(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "p")
    with opened(folder) as office:
        made = office.attach("Case", case_of(office), write(tmp_path, "a.pdf", b"%PDF-" + bytes(100)))
        path = folder / "blobs" / made.blob
        data = bytearray(path.read_bytes())
        data[60] ^= 1
        path.write_bytes(data)
        with pytest.raises(Damaged, match=r"blobs\.damaged"):
            office.export_attachment(made.id, tmp_path / "out.pdf")
        assert not list(tmp_path.glob("*out.pdf*")) and path.exists(), "what the county lacks is not dropped"
        path.unlink()
        with pytest.raises(Refused, match="not_here"):
            office.open_attachment(made.id)
