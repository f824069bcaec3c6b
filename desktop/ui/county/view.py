"""The county page: sticks on the table, devices that wait, how the towns stand, conflicts, what was set apart."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.problem_shapes import ApartRow, BatchRow, ConflictRow, Problems
from desktop.services.sticks import REQUESTS, carried_files
from desktop.ui.county.actions import CountyActions
from desktop.ui.county.devices import DevicesCard
from desktop.ui.county.held import HeldCard
from desktop.ui.county.towns import towns_table
from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.settling import WaitingLists, put_rows
from desktop.ui.widgets.surfaces import Card, Pill, lay_out_again, line_up, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.protocol.county_desk import TownsAnswer, WaitingRow
from sync.protocol.held_desk import HeldAnswer, HeldDevice

STATES = {"accepted": "good", "repeat": "plain", "quarantined": "due", "damaged": "overdue"}


class CountyScreen(Screen):
    """For the county's own office."""

    name = "county"
    topic = "county_page"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._actions = CountyActions(place)
        self._lists = WaitingLists(place, self.name)
        self._batches: list[BatchRow] = []
        self._before: list[BatchRow] = []
        self.top.addStretch(1)
        self.stop_button = self.button("stop", self._actions.stop, icon="circle-stop")
        self.stop_button.hide()
        self.top.addWidget(self.stop_button)
        self.top.addWidget(self.button("towns_now", self.ask_towns, icon="refresh-cw", command="refresh"))
        self.top.addWidget(self.button("choose_stick", self.choose_stick, icon="folder-open"))
        self.take_button = self.button("choose", self.choose, primary=True, icon="inbox", command="export")
        self.top.addWidget(self.take_button)
        self.notice = self.add_notice()
        column = self.add_scroll()
        self.batches, self.towns, self.conflicts, self.apart = Card(), Card(), Card(), Card()
        self.devices = DevicesCard(place, self._admit, self._turn_away)
        self.held = HeldCard(place, self._let_go)
        cards: dict[str, Card] = {
            "batches": self.batches,
            "devices": self.devices,
            "towns": self.towns,
            "held_changes": self.held,
            "conflicts": self.conflicts,
            "apart": self.apart,
        }
        for name, card in cards.items():
            place.voice.put(card.heading, f"county_page.{name}")
            column.addWidget(card)
        column.addStretch(1)
        place.tasks.changed.connect(lambda _: self._read_problems() if self.isVisible() else None)

    def refresh(self) -> None:
        """Read what waits, and ask the server."""
        self._show_batches()
        if self.place.tasks.is_open:
            self._read_problems()
            self.ask_towns()

    def forget(self) -> None:
        """Locked."""
        self._actions.stop()
        self._set_running(False)
        self._batches, self._before = [], []
        self.notice.tell("")
        self.held.forget()
        for card in (self.batches, self.devices, self.towns, self.held, self.conflicts, self.apart):
            card.empty()
            card.aside.setText("")

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"refresh": self.ask_towns, "export": self.choose}

    def choose(self) -> None:
        """Ask for the files of any number of sticks."""
        paths, _ = QFileDialog.getOpenFileNames(self, self.place.say("county_page.choose"))
        if paths:
            self.take([Path(path) for path in paths])

    def choose_stick(self) -> None:
        """Ask for a whole stick."""
        path = QFileDialog.getExistingDirectory(self, self.place.say("county_page.choose_stick"))
        if path:
            self.take_stick(Path(path))

    def take_stick(self, folder: Path) -> None:
        """Hand over every request that lies in a folder; answers are left where they are."""
        try:
            self.take(carried_files(folder, REQUESTS))
        except LiandongError as error:
            self._failed(error)

    def take(self, paths: list[Path]) -> None:
        """Hand files to the server; those of the sticks before stay listed."""
        self._before = list(self._batches)
        self._set_running(True)
        self.notice.tell(self.place.say("county_page.running", count=len(paths)))
        self._actions.take(paths, self._add_batch, self._taken, self._failed)

    def ask_towns(self) -> None:
        """How the towns stand now, and which devices wait."""
        self._actions.towns(self._show_towns, self._towns_failed)
        self._actions.devices(self.devices.show_devices, self.devices.show_trouble)
        self._actions.held(self.held.show_held, self.held.show_trouble)

    # What came -------------------------------------------------------------------------------------------------------

    def _add_batch(self, row: BatchRow) -> None:
        self._batches.append(row)
        self._show_batches()

    def _taken(self, rows: list[BatchRow]) -> None:
        self._set_running(False)
        self._batches = [*self._before, *rows]
        self._show_batches()
        wrong = [row for row in rows if row.needs_person]
        said = self.place.say("county_page.taken", count=len(rows), wrong=len(wrong))
        self.notice.tell(said, "care" if wrong else "good")
        self.ask_towns()

    def _failed(self, error: LiandongError) -> None:
        self._set_running(False)
        self.notice.tell(self.place.say_error(error), "wrong")

    def _towns_failed(self, error: LiandongError) -> None:
        self.towns.empty()
        self.towns.body.addWidget(make_label(self.place.say_error(error), "quiet", wrap=True))

    def _admit(self, row: WaitingRow) -> None:
        self._actions.admit(row, partial(self._device_done, "admitted", row), self._device_failed)

    def _turn_away(self, row: WaitingRow) -> None:
        self._actions.turn_away(row, partial(self._device_done, "turned_away", row), self._device_failed)

    def _device_done(self, key: str, row: WaitingRow, still: tuple[WaitingRow, ...]) -> None:
        said = self.place.say(f"county_page.{key}", unit=row.unit_name, user=row.user)
        self.notice.tell(said, "good")
        self.devices.show_devices(still)

    def _device_failed(self, error: LiandongError) -> None:
        """Somebody else may have settled it: the list is asked for anew."""
        self.notice.tell(self.place.say_error(error), "wrong")
        self._actions.devices(self.devices.show_devices, self.devices.show_trouble)

    def _let_go(self, row: HeldDevice, reason: str, apart: bool) -> None:
        self._actions.let_go(row, reason, apart, partial(self._went, row), self.held.refuse)

    def _went(self, row: HeldDevice, answer: HeldAnswer) -> None:
        self.held.close_form()
        done = {"unit": row.unit_name, "count": sum(answer.outcomes.values())}
        apart = answer.outcomes.get("quarantined", 0)
        said = self.place.say("county_page.went", **done, apart=apart)
        self.notice.tell(said, "care" if apart else "good")
        self.held.show_held(answer)
        self.ask_towns()

    def _read_problems(self) -> None:
        self._actions.problems(self._show_problems)

    # Cards -----------------------------------------------------------------------------------------------------------

    def _show_batches(self) -> None:
        self.batches.empty()
        if not self._batches:
            self.batches.body.addWidget(make_label(self.place.say("county_page.no_batches"), "quiet", wrap=True))
        put_rows(self.batches.body, [self._batch(row, number) for number, row in enumerate(self._batches)])
        lay_out_again(self.batches)
        line_up(self.batches)

    def _batch(self, row: BatchRow, number: int) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 4, 0, 4)
        line.setSpacing(12)
        pill = Pill(self.place.look, self.place.say(f"county_page.state_{row.state}"), STATES[row.state])
        pill.setObjectName(f"county.batch_{number}")
        line.addWidget(pill)
        words = QVBoxLayout()
        about = " · ".join(filter(None, (row.file, row.unit_name, row.code)))
        words.addWidget(make_label(about, wrap=True))
        words.addWidget(make_label(self._said_of(row), "quiet", wrap=True))
        if row.blobs.any or row.blob_problem is not None:
            files = make_label(self._files_of(row), "quiet", wrap=True)
            files.setObjectName(f"county.batch_files_{number}")
            words.addWidget(files)
        line.addLayout(words, 1)
        return holder

    def _said_of(self, row: BatchRow) -> str:
        say = self.place.say
        if row.problem:
            return say(row.problem, **row.values)
        outcomes = [f"{self._outcome(name)} {count}" for name, count in sorted(row.outcomes.items())]
        counted = say("ui.comma").join(outcomes) or say("county_page.no_changes")
        return say("county_page.answered", outcomes=counted, answers=say("ui.and").join(row.answers))

    def _files_of(self, row: BatchRow) -> str:
        """Attachment files beside the stick's request: only what there is to tell."""
        say, counts = self.place.say, row.blobs
        told = {"taken": counts.taken, "given": counts.given, "refused": counts.refused, "left": counts.left}
        parts = [say(f"county_page.files_{name}", count=count) for name, count in told.items() if count]
        said = say("county_page.files", counts=say("ui.comma").join(parts) or "0")
        return said if row.blob_problem is None else f"{said} {self.place.say_error(row.blob_problem)}"

    def _outcome(self, name: str) -> str:
        voice = self.place.voice
        key = f"county_page.outcome_{name}"
        return voice.say(key) if voice.knows(key) else voice.say(name) if voice.knows(name) else name

    def _show_towns(self, answer: TownsAnswer) -> None:
        self.towns.empty()
        self.towns.aside.setText(self.place.say("county_page.town_count", count=len(answer.towns)))
        if answer.towns:
            self.towns.body.addWidget(towns_table(self.place, answer.towns))
            lay_out_again(self.towns)
        else:
            self.towns.body.addWidget(make_label(self.place.say("county_page.no_towns"), "quiet", wrap=True))

    def _show_problems(self, problems: Problems) -> None:
        conflicts = [self._lists.conflict(row, at, self._settle) for at, row in enumerate(problems.conflicts)]
        apart = [self._lists.apart(row, at, self._release) for at, row in enumerate(problems.apart)]
        for card, rows, empty in (
            (self.conflicts, conflicts, "no_conflicts"),
            (self.apart, apart, "no_apart"),
        ):
            card.empty()
            card.aside.setText(str(len(rows)) if rows else "")
            if not rows:
                card.body.addWidget(make_label(self.place.say(f"county_page.{empty}"), "quiet", wrap=True))
            put_rows(card.body, rows)
            lay_out_again(card)

    def _settle(self, row: ConflictRow, take: str) -> None:
        said = self.place.say("waiting.settled")
        self._actions.settle(row, take, lambda _: self.notice.tell(said, "good"), self._failed)

    def _release(self, row: ApartRow) -> None:
        said = self.place.say("waiting.released")
        self._actions.release(row, lambda _: self.notice.tell(said, "good"), self._failed)

    def _set_running(self, running: bool) -> None:
        self.take_button.setEnabled(not running)
        self.stop_button.setVisible(running)
