"""Attach at a case, look at it inside the program, write it out; nothing of it is left when one turns away."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.ui.viewer.content import open_content
from tests.services.pictures import clean, jpeg
from tests.ui.conftest import Person

CASE = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "村道硬化"}


def pdf() -> bytes:
    from desktop.services.printing import sample_pdfs

    return next(iter(sample_pdfs().values()))


def test_attach_view_and_export(person: Person, tmp_path: Path) -> None:
    photo, paper = tmp_path / "现场.jpg", tmp_path / "来信.pdf"
    photo.write_bytes(jpeg(6))
    paper.write_bytes(pdf())
    case = person.window.place.tasks.ask_now(lambda office: office.record("Case", CASE).id)
    person.go("case", case)
    screen = person.window.screen_of("case")
    for path in (photo, paper):
        screen.attachments.add(path)
        person.settle()
    assert "作者、时间" in screen.notice.text()
    person.find("case.attach")
    viewer = person.window.screen_of("viewer")
    for number, name in enumerate(("现场.jpg", "来信.pdf")):
        button = person.find(f"case.view_attachment_{number}")
        assert isinstance(button, QPushButton) and button.accessibleName() == f"查看 {name}"
        button.click()
        person.settle()
        assert viewer.title.text() == name and not viewer.paper.pixmap().isNull()
        viewer.back()
        person.settle()
        assert viewer.content is None and viewer.paper.pixmap().isNull()
    row = person.window.place.tasks.ask_now(lambda office: office.attachments("Case", case)[0])
    screen.attachments.export(row, tmp_path / "out.jpg")
    person.settle()
    assert (tmp_path / "out.jpg").read_bytes() == clean(photo.read_bytes())
    screen.attachments.add(tmp_path / "none.jpg")
    person.settle()
    assert "none.jpg" in screen.notice.text()


def test_locking_forgets_the_file(person: Person, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg())

    def made(office: object) -> str:
        case = office.record("Case", CASE).id  # type: ignore[attr-defined]
        return str(office.attach("Case", case, photo).id)  # type: ignore[attr-defined]

    record = person.window.place.tasks.ask_now(made)
    person.go("viewer", {"id": record, "back": "case"})
    viewer = person.window.screen_of("viewer")
    assert viewer.content is not None
    person.window.lock()
    assert viewer.content is None and viewer.paper.pixmap().isNull()


@pytest.mark.parametrize(
    ("media_type", "data"),
    [("image/jpeg", b"\xff\xd8\xffrubbish"), ("application/pdf", b"%PDF-rubbish"), ("text/plain", b"text")],
)
def test_what_cannot_be_drawn_is_not_shown(person: Person, media_type: str, data: bytes) -> None:
    assert open_content(media_type, data) is None


def test_turned_pictures_stand_upright(person: Person) -> None:
    content = open_content("image/jpeg", clean(jpeg(6)))
    assert content is not None
    image = content.draw(0, 1000)
    assert (image.width(), image.height()) == (48, 64)
