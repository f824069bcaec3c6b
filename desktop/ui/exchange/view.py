"""The exchange page: what will be sent, run with progress and pause, the result, files out and in, problems."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.services.problem_shapes import ConflictRow
from desktop.services.shapes import Exchanged, ExchangeState
from desktop.ui.exchange.actions import TOUCHED, ExchangeActions
from desktop.ui.exchange.carrying import CarriedCard
from desktop.ui.exchange.past import AGREED, PastCard
from desktop.ui.exchange.problems import ProblemsCard
from desktop.ui.exchange.reenrol import REASONS, ReenrolCard
from desktop.ui.screen import Commands, Responsive, Screen
from desktop.ui.widgets.surfaces import Card, Notice, Pill, make_label
from desktop.ui.workplace import Workplace
from sync.client.report import Progress
from sync.domain.errors import LiandongError
from sync.domain.times import to_local

NARROW = 860


class ExchangeScreen(Screen):
    """With the county."""

    name = "exchange"
    topic = "exchange_screen"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._actions = ExchangeActions(place)
        self.top.addStretch(1)
        self.stop_button = self.button("stop", self._actions.stop, icon="circle-stop")
        self.run_button = self.button("run", self.run, primary=True, icon="refresh-cw", command="refresh")
        self.stop_button.hide()
        self.top.addWidget(self.stop_button)
        self.top.addWidget(self.run_button)
        self._make_middle()
        place.tasks.changed.connect(lambda _: self.refresh() if self.isVisible() else None)

    def refresh(self) -> None:
        """Read the standing."""
        if self.place.tasks.is_open:
            self._actions.state(self.show_state)

    def forget(self) -> None:
        """Locked."""
        self._actions.stop()
        self._set_running(False)
        self.notice.tell("")
        for card in (self.waiting, self.agreement, self.problems, self.past):
            card.empty()
        for part in (self.carried, self.reenrol):
            part.forget()

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"refresh": self.run, "commit": self.run, "export": self.carried.ask_out}

    def run(self) -> None:
        """Exchange by wire."""
        if not self.run_button.isEnabled():
            return
        self._set_running(True)
        self.notice.tell(self.place.say("exchange_screen.running"))
        self._actions.run(self._show_progress, self._done, self._failed)

    def verify(self) -> None:
        """Recompute the digest of every record from the rows and check the store."""
        self.verify_button.setEnabled(False)
        self.notice.tell(self.place.say("exchange_screen.verifying"))
        self._actions.verify(self._verified, self._failed)

    def _verified(self, proof: dict[str, Any]) -> None:
        self.verify_button.setEnabled(True)
        sound = proof["store"] == "ok"
        key = "exchange_screen.verified" if sound else "exchange_screen.not_sound"
        text = self.place.say(
            key, records=sum(proof["records"].values()), digest=str(proof["digest"])[:8].upper(), what=proof["store"]
        )
        self.notice.tell(text, "good" if sound else "wrong")

    def write_file(self, path: Path) -> None:
        """Write what waits to a file."""
        self.carried.write(path)

    def read_file(self, *paths: Path) -> None:
        """Take the county's answer from a file, from all its parts, or from a folder."""
        self._actions.carry_in(paths, self._done, self._failed)

    def settle(self, row: ConflictRow, take: str) -> None:
        """Take one of the two values of a conflict."""
        said = self.place.say("waiting.settled")
        self._actions.settle(row, take, lambda _: self.notice.tell(said, "good"), self._failed)

    def show_state(self, state: ExchangeState) -> None:
        """Write the cards."""
        self.waiting.empty()
        self.waiting.aside.setText(self.place.say("today.count", count=state.unsent))
        key = "exchange_screen.waiting_line" if state.unsent else "exchange_screen.nothing_waits"
        self.waiting.body.addWidget(make_label(self.place.say(key, count=state.unsent), wrap=True))
        if state.must_enrol or self.reenrol.reason in ("copied", "restored"):
            self.reenrol.show_reason(state.must_enrol)
        self._show_agreement(state)
        self._actions.problems(lambda problems: self.problems.show_problems(problems, state.held))
        self._actions.history(self.past.show_history)

    def _show_agreement(self, state: ExchangeState) -> None:
        self.agreement.empty()
        key, kind = AGREED[state.agreed]
        never = self.place.say("today.no_exchange")
        when = to_local(state.last_at).strftime("%Y-%m-%d %H:%M") if state.last_at else never
        row, holder = _plain_row()
        row.addWidget(Pill(self.place.look, self.place.say(key), kind))
        row.addWidget(make_label(when), 1)
        self.agreement.body.addWidget(holder)
        if state.last_at:
            text = self.place.say("exchange_screen.position", position=state.position)
            self.agreement.body.addWidget(make_label(text, "quiet", wrap=True))
        verify_row, verify_holder = _plain_row()
        self.verify_button = self.button("verify", self.verify, icon="shield-check")
        verify_row.addWidget(self.verify_button)
        verify_row.addStretch(1)
        self.agreement.body.addWidget(verify_holder)

    def _show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, max(progress.head, progress.position, 1))
        self.bar.setValue(progress.position)
        text = self.place.say(
            "exchange_screen.progress", waiting=progress.waiting, received=progress.received,
            position=progress.position, head=progress.head,
        )  # fmt: skip
        self.notice.tell(text)

    def _done(self, report: Exchanged) -> None:
        self._set_running(False)
        sent = sum(report.results.values())
        text = self.place.say("exchange_screen.done", sent=sent, received=report.received, unsent=report.unsent)
        if report.repeat:
            self.notice.tell(self.place.say("carried.repeat"))
            return
        agreed = {True: "today.agreed", False: "today.differs", None: "today.never"}[report.agreed]
        if report.blobs_waiting:
            text += self.place.say("exchange_screen.blobs_waiting", count=report.blobs_waiting)
        self.notice.tell(f"{text} {self.place.say(agreed)}", "care" if report.needs_person else "good")
        self.place.tasks.changed.emit(frozenset(TOUCHED))

    def _failed(self, error: LiandongError) -> None:
        self._set_running(False)
        self.verify_button.setEnabled(True)
        reason = REASONS.get(error.code, "")
        if reason:
            self.reenrol.show_reason(reason)
        self.notice.tell(
            self.place.say("exchange_screen.must_enrol") if reason else self.place.say_error(error), "wrong"
        )
        self.refresh()

    def _set_running(self, running: bool) -> None:
        self.run_button.setEnabled(not running)
        self.stop_button.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running else 1)

    def _make_middle(self) -> None:
        self.notice: Notice = self.add_notice()
        column = self.add_scroll()
        self.bar = QProgressBar()
        self.bar.setObjectName("exchange.progress")
        self.bar.setTextVisible(False)
        self.bar.hide()
        column.addWidget(self.bar)
        self.reenrol = ReenrolCard(self.place, self._actions, self.notice.tell, self.refresh)
        column.addWidget(self.reenrol)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        left, right = QVBoxLayout(), QVBoxLayout()
        self.waiting: Card = Card()
        self.agreement: Card = Card()
        self.carried = CarriedCard(self.place, self._actions, self.notice.tell, lambda paths: self.read_file(*paths))
        self.problems, self.past = ProblemsCard(self.place, self.settle), PastCard(self.place)
        for name, card in (("waiting", self.waiting), ("agreement", self.agreement)):
            self.place.voice.put(card.heading, f"exchange_screen.{name}")
        for side, cards in ((left, (self.waiting, self.carried, self.past)), (right, (self.agreement, self.problems))):
            for card in cards:
                side.addWidget(card)
        for side in (left, right):
            side.setSpacing(16)
            side.addStretch(1)
            columns.addLayout(side, 1)
        column.addLayout(columns, 1)
        Responsive(self, columns, self.place, NARROW)


def _plain_row() -> tuple[QHBoxLayout, QWidget]:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 4, 0, 2)
    return row, holder
