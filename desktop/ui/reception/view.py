"""The reception page: keeps up with speech, asks who manages the person before any text, turns into a sealed stub."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.services.shapes import Hit, Saved
from desktop.ui.autosave import Autosave
from desktop.ui.correcting.desk import CorrectDesk
from desktop.ui.correcting.subject import RECEPTION, Subject
from desktop.ui.entry import Entry
from desktop.ui.loop.desk import LoopDesk
from desktop.ui.read_back import ReadBack
from desktop.ui.reception.actions import ReceptionActions
from desktop.ui.reception.fields import ReceptionFields
from desktop.ui.reception.model import STARTING, is_blank, is_upper, missing_for_print, reception_map, sealed_map
from desktop.ui.reception.side import SidePanel
from desktop.ui.screen import Commands, Responsive, Screen
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, Notice, Pill
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

SIMILAR_PAUSE_MILLISECONDS = 400
SHORTEST_SIMILAR = 4
NARROW = 980


class ReceptionScreen(Screen):
    """One walk-in after the other."""

    name = "reception"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.entry = Entry(place, self.name)
        self._actions = ReceptionActions(place)
        self.draft = Autosave(place, self.name, self._draft_body)
        self.is_sealed = self.is_protected = self._sealed_by_question = False
        self._repeats: str | None = None
        self.saved: Saved | None = None
        self.loop = LoopDesk(place, self, self.name)
        self.corrections = CorrectDesk(place, self, self._corrected, self._refused)
        self._print_after = False
        self._make_top()
        self._make_middle()
        self._make_bottom()
        self._similar_timer = QTimer(self)
        self._similar_timer.setSingleShot(True)
        self._similar_timer.setInterval(SIMILAR_PAUSE_MILLISECONDS)
        self._similar_timer.timeout.connect(self._find_similar)
        self.entry.edited.connect(self._on_edited)
        self.draft.saved.connect(self._show_saved_time)
        self.start_new()

    # what the window asks ---------------------------------------------------------------------------------------------

    def open(self, argument: Any = None) -> None:
        """``new`` begins a walk-in, ``{"draft": key}`` goes on with a stored one."""
        if isinstance(argument, dict) and "draft" in argument:
            key = str(argument["draft"])
            self._actions.load_draft(key, lambda draft: self._resume(key, draft))
            return
        QTimer.singleShot(0, self, self.fields.fit)
        if argument == "new":
            self.draft.save_now()
            self.start_new()
        self.entry["accused.0.managed_by"].setFocus()
        self._show_missing()

    def leave(self) -> None:
        """Keep what was typed."""
        self.loop.keep()
        self.corrections.keep()
        self.draft.save_now()

    def forget(self) -> None:
        """Locked: the window keeps nothing."""
        self.loop.forget()
        self.corrections.forget()
        self.draft.restart()
        self.start_new()

    def commands(self) -> Commands:
        """Keys of this page."""
        return {
            "commit": self.register,
            "print": self.register_and_print,
            "mask": self.mask_button.click,
            "protect": self.protect_button.click,
            "seal": self.seal,
            "save": self.draft.save_now,
        }

    def on_voice(self) -> None:
        """Side panel and pill are written anew."""
        self.fields.fit()
        self._show_missing()
        self._find_similar()

    # what a person does -----------------------------------------------------------------------------------------------

    def start_new(self) -> None:
        """An empty form with the usual values."""
        facts = self.place.facts
        place = self.place.last_used.get("place")
        self._turn(sealed=False)
        self._empty()
        self.entry.fill({**STARTING, "receiver": facts.user if facts else None, "place": place})
        self.entry["received_at"].set_now()
        self.protect_button.setChecked(False)
        self.mask_button.setChecked(False)
        self.draft.restart()
        self._show_draft_time(None)
        self._show_missing()
        self.to_top()
        self.entry["accused.0.managed_by"].setFocus()

    def seal(self) -> None:
        """Turn the page into the stub at once: text, undo and draft are gone."""
        if self.is_sealed:
            return
        received_at = self.entry["received_at"].value()
        self._turn(sealed=True)
        self.draft.drop()
        self._empty()
        self.entry["received_at"].set_value(received_at)
        self.entry["envelope_number"].setFocus()

    def unseal(self) -> None:
        """Back to an empty form."""
        self.entry["accused.0.managed_by"].set_value("UNKNOWN")
        self.start_new()

    def register(self) -> None:
        """Record it; a protected identity is read back first."""
        self._print_after = False
        self._register()

    def register_and_print(self) -> None:
        """Record it and look at its sheet; behind a registered one, print that."""
        if self.saved is not None and is_blank(self.entry.values()):
            self._print(self.saved)
            return
        self._print_after = True
        self._register()

    def _register(self) -> None:
        values = self.entry.values()
        if self.is_protected and not self.is_sealed and values.get("complainant"):
            ReadBack(self.place, self.window(), values["complainant"], self._commit).open()
        else:
            self._commit()

    def _commit(self) -> None:
        self.register_button.setEnabled(False)
        self.draft.save_now()
        self._actions.register(self.record_map(), self.draft.key, self._registered, self._refused)

    def record_map(self) -> dict[str, Any]:
        """The map that ``record Reception`` takes."""
        values = self.entry.values()
        if self.is_sealed:
            return sealed_map(values)
        if self._repeats:
            values["repeats"] = self._repeats
        return reception_map(values, protected=self.is_protected)

    def _registered(self, saved: Saved) -> None:
        self.register_button.setEnabled(True)
        self.place.last_used["place"] = self.entry["place"].value()
        self.start_new()
        self._show_done(saved)
        if self._print_after:
            self._print(saved)

    def _refused(self, error: LiandongError) -> None:
        self.register_button.setEnabled(True)
        self.notice.tell(self.place.say_error(error), "wrong")
        self.entry.mark_wrong(str(error.values.get("field", "")))

    def _print(self, saved: Saved) -> None:
        form = "reception_register" if saved.case is not None else "sealed_handover"
        self.place.go.emit("preview", {"form": form, "id": saved.id, "back": self.name})

    def _print_saved(self) -> None:
        if self.saved is not None:
            self._print(self.saved)

    def _print_receipt(self) -> None:
        if self.saved is not None:
            self.place.go.emit("preview", {"form": "reception_receipt", "id": self.saved.id, "back": self.name})

    def _open_case(self) -> None:
        if self.saved is not None and self.saved.case is not None:
            self.place.go.emit("case", self.saved.case.id)

    def _interview(self) -> None:
        if self.saved is not None and self.saved.case is not None:
            self.loop.record("Interview", {"case": self.saved.case.id})

    def _correct(self) -> None:
        if self.saved is not None:
            case = self.saved.case.id if self.saved.case is not None else ""
            self.corrections.ask(Subject(RECEPTION, self.saved.id, case))

    def _corrected(self, _: Saved) -> None:
        self.notice.tell(self.place.say("case.corrected"), "good")

    # what the page shows ----------------------------------------------------------------------------------------------

    def _show_done(self, saved: Saved) -> None:
        self.saved = saved
        lines = [self.place.say("reception.done", number=saved.number or "—")]
        lines += [self.place.say(notice.code, **notice.values) for notice in saved.warnings]
        self.notice.tell("\n".join(lines), "care" if saved.warnings else "good")
        self.after.setVisible(True)
        self.open_button.setVisible(saved.case is not None)
        self.receipt_button.setVisible(saved.case is not None)
        self.interview_button.setVisible(saved.case is not None)

    def _on_edited(self) -> None:
        managed_by = self.entry["accused.0.managed_by"].value()
        unit_kind = self.place.facts.unit_kind if self.place.facts else "TOWN"
        upper = is_upper(managed_by, unit_kind)
        if upper and not self.is_sealed:
            self.seal()
        elif self.is_sealed and self._sealed_by_question and not upper:
            self.start_again_after_question(managed_by)
        self._sealed_by_question = upper
        self.draft.touch()
        self._similar_timer.start()
        self._show_missing()

    def start_again_after_question(self, managed_by: str | None) -> None:
        """The question was answered by mistake: an empty form with the new answer."""
        self.start_new()
        self.entry["accused.0.managed_by"].set_value(managed_by)

    def _turn(self, *, sealed: bool) -> None:
        self.is_sealed = sealed
        self._show_draft_time(None)
        self.fields.matter.setVisible(not sealed)
        self.fields.stub.setVisible(sealed)
        self.entry["people"].setVisible(not sealed)
        self.entry.label("people").setVisible(not sealed)
        self.side.setVisible(not sealed)
        for button in (self.mask_button, self.protect_button):
            button.setVisible(not sealed)
        self.seal_button.setVisible(not sealed)
        self.unseal_button.setVisible(sealed)
        self.stub_notice.tell(self.place.say("reception.sealed_explained") if sealed else "", "care")

    def _empty(self) -> None:
        keep = self.entry["accused.0.managed_by"].value() if self.is_sealed else None
        self.entry.blockSignals(True)
        self.entry.fill({})
        self.entry["content"].forget()
        self.entry["accused.0.managed_by"].set_value(keep)
        self.entry.blockSignals(False)
        self.entry.clear_marks()
        self._similar_timer.stop()
        self.side.show_similar(())
        self._repeats, self.saved = None, None
        self._sealed_by_question = False
        self.notice.tell("")
        self.after.hide()

    def _find_similar(self) -> None:
        text = " ".join(filter(None, (self.entry["title"].value(), self.entry["content"].value())))
        if self.is_sealed or len(text) < SHORTEST_SIMILAR or not self.place.tasks.is_open:
            self.side.show_similar(())
            return
        self._actions.find_similar(text, self.side.show_similar)

    def _link(self, hit: Hit) -> None:
        self._repeats = hit.id
        self.entry["first_repeat"].choose("REPEAT")
        self.place.toast.emit(self.place.say("reception.linked", number=hit.number or ""))

    def _show_missing(self) -> None:
        if not self.is_sealed:
            self.side.show_missing(missing_for_print(self.entry.values()))

    def _mask(self) -> None:
        on = self.mask_button.isChecked()
        for line in self.fields.personal():
            line.set_masked(on)

    def _protect(self) -> None:
        self.is_protected = self.protect_button.isChecked()
        if self.is_protected:
            self.place.toast.emit(self.place.say("reception.protect_explained"))

    # drafts -----------------------------------------------------------------------------------------------------------

    def _draft_body(self) -> dict[str, Any] | None:
        values = self.entry.values()
        if self.is_sealed or is_blank(values):
            return None
        return {"title": values.get("title") or "", "values": values, "protected": self.is_protected}

    def _resume(self, key: str, draft: Any) -> None:
        body = draft.body if hasattr(draft, "body") else draft
        if not body:
            return
        self.start_new()
        self.draft.resume(key)
        self.entry.fill(body["values"])
        self.protect_button.setChecked(bool(body.get("protected")))
        self.is_protected = bool(body.get("protected"))
        self._show_missing()
        self.entry["content"].setFocus()

    def _show_saved_time(self) -> None:
        self._show_draft_time(None if self.is_sealed else local_now())

    def _show_draft_time(self, moment: datetime | None) -> None:
        self.pill.setVisible(moment is not None)
        if moment is not None:
            self.pill.show_state(
                self.place.say("reception.draft_saved", time=moment.strftime("%H:%M")), "plain", "save"
            )

    # building ---------------------------------------------------------------------------------------------------------

    def _make_top(self) -> None:
        self.pill = Pill(self.place.look)
        self.top.addWidget(self.pill)
        self.top.addStretch(1)
        self.mask_button = self.button("mask", self._mask, icon="eye-off", command="mask")
        self.mask_button.setCheckable(True)
        self.seal_button = self.button("seal", self.seal, icon="lock", command="seal")
        self.unseal_button = self.button("unseal", self.unseal, icon="undo-2")
        for button in (self.mask_button, self.seal_button, self.unseal_button):
            self.top.addWidget(button)

    def _make_middle(self) -> None:
        column = self.add_scroll()
        self.notice = Notice(self.place.look, "reception.notice")
        column.addWidget(self.notice)
        column.addWidget(self._make_after())
        columns = QHBoxLayout()
        columns.setSpacing(18)
        card = Card()
        card.hide_head()
        self.fields = ReceptionFields(self.place, self.entry)
        self.stub_notice = Notice(self.place.look, "reception.stub_notice")
        card.body.setSpacing(10)
        for widget in (self.fields.question, self.stub_notice, self.fields.matter, self.fields.stub):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        self.side = SidePanel(self.place, self._link)
        columns.addWidget(card, 65)
        columns.addWidget(self.side, 35)
        column.addLayout(columns)
        column.addStretch(1)
        Responsive(self, columns, self.place, NARROW)

    def _make_after(self) -> QWidget:
        self.after = QWidget()
        row = QHBoxLayout(self.after)
        row.setContentsMargins(0, 0, 0, 0)
        print_button = self.button("print_register", self._print_saved, icon="printer")
        self.receipt_button = self.button("print_receipt", self._print_receipt, icon="printer")
        self.open_button = self.button("open_case", self._open_case, icon="folder-open")
        self.interview_button = self.button("interview", self._interview, icon="plus")
        correct_button = self.button("correct", self._correct, icon="pencil")
        for button in (print_button, self.receipt_button, self.interview_button, self.open_button, correct_button):
            row.addWidget(button)
        row.addStretch(1)
        return self.after

    def _make_bottom(self) -> None:
        bottom = self.add_bottom()
        self.register_button: QPushButton = self.button("register", self.register, primary=True, command="commit")
        print_button = self.button("register_print", self.register_and_print, icon="printer", command="print")
        self.protect_button = self.button("protect", self._protect, icon="shield", command="protect")
        self.protect_button.setCheckable(True)
        for button in (self.register_button, print_button, self.protect_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
