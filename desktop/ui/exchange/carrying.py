"""Exchange by stick: write a file with the attachments beside it and its slip on paper; take in answers, all parts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.shapes import Printed
from desktop.ui.exchange.actions import CarriedOut, ExchangeActions
from desktop.ui.screen import accessible_name, make_button
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, clear_layout, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.shipped.kind_names import kind_name

SLIP = "carried_slip"


class CarriedCard(Card):
    """``take_in`` gets the chosen files, or one folder."""

    def __init__(
        self,
        place: Workplace,
        actions: ExchangeActions,
        tell: Callable[[str, str], None],
        take_in: Callable[[Sequence[Path]], None],
    ) -> None:
        super().__init__("exchange.carried")
        self._place, self._actions, self._tell, self._take_in = place, actions, tell, take_in
        self.written: CarriedOut | None = None
        place.voice.put(self.heading, "exchange_screen.carried")
        words = make_label(wrap=True)
        place.voice.put(words, "exchange_screen.carried_line")
        self.body.addWidget(words)
        self.blobs = QCheckBox()
        self.blobs.setObjectName("exchange.with_blobs")
        self.blobs.setChecked(True)
        place.voice.put(self.blobs, "exchange_screen.with_blobs")
        place.voice.follow(
            self.blobs, lambda: accessible_name(place, "exchange.with_blobs", "exchange_screen.with_blobs"),
            "setAccessibleName",
        )  # fmt: skip
        self.body.addWidget(self.blobs)
        self._add_row(("carry_out", self.ask_out, "upload", "export"))
        self._slip = QVBoxLayout()
        self.body.addLayout(self._slip)
        back = make_label(wrap=True)
        place.voice.put(back, "exchange_screen.carried_back")
        self.body.addWidget(back)
        self._add_row(
            ("carry_in", self.ask_in, "download", ""), ("carry_in_folder", self.ask_folder, "folder-open", "")
        )

    def forget(self) -> None:
        """Locked: no file is spoken of."""
        self.written = None
        clear_layout(self._slip)

    def ask_out(self) -> None:
        """Ask for a file and write what waits."""
        suggested = self._place.say("exchange_screen.file_name", day=local_now().date().isoformat())
        path, _ = QFileDialog.getSaveFileName(self, self._place.say("exchange_screen.carry_out"), suggested)
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write what waits to a file."""
        self._actions.carry_out(path, self._written, self._refused, blobs=self.blobs.isChecked())

    def ask_in(self) -> None:
        """Ask for the county's answer, in one file or in several parts."""
        paths, _ = QFileDialog.getOpenFileNames(self, self._place.say("exchange_screen.carry_in"))
        if paths:
            self._take_in([Path(path) for path in paths])

    def ask_folder(self) -> None:
        """Ask for the stick: whatever of ours lies there is taken."""
        path = QFileDialog.getExistingDirectory(self, self._place.say("exchange_screen.carry_in_folder"))
        if path:
            self._take_in([Path(path)])

    def print_slip(self) -> None:
        """The slip that goes with the stick, ready to be printed."""
        if self.written is not None:
            told = self.written.manifest
            self._actions.slip(told, lambda pdf: self._show_slip(pdf, told.code), self._refused)

    def _show_slip(self, pdf: bytes, code: str) -> None:
        self._place.go.emit("preview", {"printed": Printed(SLIP, pdf, 0, code), "back": "exchange"})

    def _written(self, done: CarriedOut) -> None:
        self.written = done
        self._tell(self._place.say("exchange_screen.written", file=done.path.name), "good")
        self._show_written(done)

    def _show_written(self, done: CarriedOut) -> None:
        clear_layout(self._slip)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for index, (key, value) in enumerate(self._facts(done)):
            grid.addWidget(make_label(self._place.say(f"exchange_screen.slip_{key}"), "label"), index, 0)
            grid.addWidget(make_label(value, "strong" if key == "code" else "", wrap=True), index, 1)
        self._slip.addWidget(holder)
        button = make_button(
            self._place, "exchange.print_slip", self.print_slip, icon="printer", key="exchange_screen.print_slip"
        )
        row_holder = QWidget()
        row = QHBoxLayout(row_holder)
        row.setContentsMargins(0, 0, 0, 6)
        row.addWidget(button)
        row.addStretch(1)
        self._slip.addWidget(row_holder)

    def _facts(self, done: CarriedOut) -> list[tuple[str, str]]:
        told, language = done.manifest, self._place.voice.language
        kinds = " · ".join(f"{kind_name(kind, language)} {count}" for kind, count in told.kinds.items())
        facts = [("code", told.code), ("changes", str(told.changes)), ("kinds", kinds or "—")]
        if done.blobs:
            facts.append(("blobs", str(done.blobs)))
        return facts

    def _refused(self, error: LiandongError) -> None:
        self._tell(self._place.say_error(error), "wrong")

    def _add_row(self, *buttons: tuple[str, Callable[[], None], str, str]) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 2)
        for verb, work, icon, command in buttons:
            key = f"exchange_screen.{verb}"
            row.addWidget(make_button(self._place, f"exchange.{verb}", work, icon=icon, command=command, key=key))
        row.addStretch(1)
        self.body.addLayout(row)
