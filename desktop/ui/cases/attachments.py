"""The card of a case's attachments: what is there, add one, look at it, write it out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.attaching.shapes import Attached, AttachmentRow
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, clear_layout, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.times import local_text

Tell = Callable[[str, str], None]
_UNITS = ((1 << 20, "MB"), (1 << 10, "kB"))
_SHOWN = frozenset({"image/jpeg", "image/png", "application/pdf"})


class AttachmentsCard(Card):
    """``tell(text, kind)`` says what was done or refused."""

    def __init__(self, place: Workplace, tell: Tell) -> None:
        super().__init__()
        self._place, self._tell = place, tell
        self._case = ""
        place.voice.put(self.heading, "case.attachments")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.body.addLayout(self._rows)
        self.add_button = make_button(place, "case.attach", self.ask_file, icon="plus", command="add_row", small=True)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_case(self, case: str) -> None:
        """Read what is attached to a case."""
        self._case = case
        self._place.tasks.read(
            lambda office: office.attachments("Case", case), self.show_rows, self._refused, owner=self, key="attached"
        )

    def show_rows(self, rows: tuple[AttachmentRow, ...]) -> None:
        """One line each."""
        clear_layout(self._rows)
        for number, row in enumerate(rows):
            self._rows.addWidget(self._line(row, number))
        if not rows:
            self._rows.addWidget(make_label(self._place.say("case.no_attachments"), "quiet", wrap=True))

    def forget(self) -> None:
        """Locked: drop the lines."""
        self._case = ""
        clear_layout(self._rows)

    def ask_file(self) -> None:
        """Ask which file, then attach it."""
        if not self._case:
            return
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("case.attach"))
        if path:
            self.add(Path(path))

    def add(self, path: Path) -> None:
        """Attach a copy of a file; the file itself is only read."""
        case = self._case
        self._tell(self._place.say("case.attaching", file=path.name), "info")
        self._place.tasks.write(
            lambda office: office.attach("Case", case, path), self._added, self._refused, owner=self,
            kinds=("Attachment",),
        )  # fmt: skip

    def export(self, row: AttachmentRow, path: Path) -> None:
        """Write the plain file where the person said."""
        done = self._place.say("case.attachment_written", file=path.name)
        self._place.tasks.read(
            lambda office: office.export_attachment(row.id, path), lambda _: self._tell(done, "good"), self._refused,
            owner=self,
        )  # fmt: skip

    def _ask_export(self, row: AttachmentRow) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self._place.say("case.export_attachment"), row.name)
        if path:
            self.export(row, Path(path))

    def _added(self, made: Attached) -> None:
        parts = [self._place.say("case.attached"), *(self._place.say(one.code) for one in made.warnings)]
        self._tell(" ".join(parts), "good")
        self._place.toast.emit(parts[0])
        self.show_case(self._case)

    def _refused(self, error: LiandongError) -> None:
        self._tell(self._place.say_error(error), "wrong")

    def _line(self, row: AttachmentRow, number: int) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 2, 0, 2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(make_label(row.title or row.name, wrap=True))
        facts = (size_text(row.size), row.author, local_text(row.created_at)[:16].replace("T", " "))
        words.addWidget(make_label(" · ".join(facts), "quiet", wrap=True))
        line.addLayout(words, 1)
        if not row.here:
            line.addWidget(make_label(self._place.say("case.attachment_not_here"), "quiet"))
            return holder
        if row.media_type in _SHOWN:
            line.addWidget(self._button(row, f"view_attachment_{number}", "eye", self._view))
        line.addWidget(self._button(row, f"export_attachment_{number}", "save", self._ask_export))
        return holder

    def _button(self, row: AttachmentRow, name: str, icon: str, do: Callable[[AttachmentRow], None]) -> QWidget:
        key = "case.view_attachment" if do == self._view else "case.export_attachment"
        button = make_button(self._place, f"case.{name}", lambda: do(row), key=key, icon=icon, small=True)
        voice = self._place.voice
        voice.follow(button, lambda: f"{voice.say(key)} {row.title or row.name}", "setAccessibleName")
        return button

    def _view(self, row: AttachmentRow) -> None:
        self._place.go.emit("viewer", {"id": row.id, "back": "case"})


def size_text(size: int) -> str:
    """A size as people read it."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"
