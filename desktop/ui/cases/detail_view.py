"""One case: facts, due dates and next steps at the left, the trail at the right."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.services.shapes import ClockRow, Draft, OfferRow, Saved
from desktop.ui.cases.actions import CaseActions, CaseView
from desktop.ui.cases.attachments import AttachmentsCard
from desktop.ui.cases.facts import fact_cells
from desktop.ui.cases.model import days_key, light_of, rule_name
from desktop.ui.cases.offers import OffersCard
from desktop.ui.cases.people import PeopleRows
from desktop.ui.cases.step_form import StepForm
from desktop.ui.cases.trail import Trail
from desktop.ui.correcting.desk import CorrectDesk
from desktop.ui.correcting.subject import CASE, Subject
from desktop.ui.kept import KeptDialog
from desktop.ui.loop.card import LoopCard
from desktop.ui.loop.desk import LoopDesk
from desktop.ui.reasons import ReasonPicker, identity_reasons
from desktop.ui.screen import Commands, Responsive, Screen, make_button
from desktop.ui.unsaved import STEP, draft_key, parts_of
from desktop.ui.unsaved_view import UnsavedStrip
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, Pill, clear_layout, line_up, make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

NARROW = 960
TITLE_IN_SIGHT = 24
"""Longer ones may not fit into the bar at the top; they are written among the facts."""
SHOWN_KINDS = frozenset({"Case", "Step", "Reception", "Interview", "ReturnVisit", "Rating", "Draft"})


class CaseScreen(Screen):
    """A case in detail."""

    name = "case"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._actions = CaseActions(place)
        self.case: str | None = None
        self.view: CaseView | None = None
        self._form: KeptDialog | None = None
        self._resuming = ""
        self.loop = LoopDesk(place, self, "case")
        self.corrections = CorrectDesk(place, self, lambda _: self._changed("case.corrected"), self._refused)
        self._people: PeopleRows | None = None
        self._make_top()
        self._make_middle()
        place.tasks.changed.connect(self._on_changed)

    def open(self, argument: Any = None) -> None:
        """The case of an id; ``{"draft": key}`` goes on with what was typed into a dialog over a case."""
        if isinstance(argument, dict) and "draft" in argument:
            self._resuming, argument = parts_of(str(argument["draft"]))
        if isinstance(argument, str):
            self.case = argument
            self.notice.tell("")
            self.to_top()
        self.refresh()

    def refresh(self) -> None:
        """Read it anew."""
        if self.case is not None and self.place.tasks.is_open:
            self._actions.load(self.case, self.show_case, self._refused)

    def forget(self) -> None:
        """Locked: drop the case and any form over it."""
        self.case = self.view = None
        if self._form is not None:
            self._form.reject()
        self.loop.forget()
        self.corrections.forget()
        self._people = None
        self.unsaved.show_drafts(())
        self._resuming = ""
        self.papers.show_rows((), frozenset())
        for layout in (self._facts_body, self.clock_card.body, self.offers.body):
            clear_layout(layout)
        self.attachments.forget()
        self.trail.show_steps([], {})

    def leave(self) -> None:
        """An opened identity is shown only while one looks at it; what was typed into a dialog is kept."""
        for form in self._forms():
            if form is not None:
                form.keep()
        if self.view is not None:
            self.show_case(self.view)

    def commands(self) -> Commands:
        """Keys of this page."""
        return {
            "back": self._back,
            "identity": self.ask_identity,
            "print": self._print,
            "refresh": self.refresh,
            "add_row": self.attachments.ask_file,
        }

    # showing ----------------------------------------------------------------------------------------------------------

    def show_case(self, view: CaseView) -> None:
        """Write everything."""
        self.view = view
        shown, voice = view.shown, self.place.voice
        self.title.setText(shown.get("title") or self.place.say("cases.no_title"))
        self.status.show_state(voice.label("case_status", shown.get("status")), "plain", "circle-dot")
        self._show_facts(view)
        self._show_clocks(view)
        self.offers.show_offers(view.offers)
        self.papers.show_rows(view.papers, view.changeable)
        self.unsaved.show_drafts(view.unsaved)
        self.trail.show_steps(shown.get("trail") or [], view.names)
        self.attachments.show_case(shown["id"])
        self.print_button.setVisible(bool(shown.get("receptions")))
        self.correct_button.setVisible(not shown.get("voided") and view.is_correctable)
        self.void_button.setVisible(not shown.get("voided") and view.own)
        if self._resuming:
            name, self._resuming = self._resuming, ""
            self.resume(name)

    def _show_facts(self, view: CaseView) -> None:
        clear_layout(self._facts_body)
        shown = view.shown
        grid_holder = QWidget()
        grid = QGridLayout(grid_holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for index, (key, text) in enumerate(fact_cells(view, self.place.voice)):
            self._put_fact(grid, index, key, text)
        self._facts_body.addWidget(grid_holder)
        self._people = PeopleRows(self.place, view, self.ask_identity, self.corrections.ask)
        self._facts_body.addWidget(self._people)
        for name in ("title", "content", "claim", "reply", "remark"):
            if shown.get(name) and (name != "title" or len(shown[name]) > TITLE_IN_SIGHT):
                self._facts_body.addWidget(make_label(self.place.say(f"case.{name}"), "quiet"))
                self._facts_body.addWidget(make_label(str(shown[name]), wrap=True))

    def _put_fact(self, grid: QGridLayout, index: int, key: str, text: str) -> None:
        row, column = divmod(index, 2)
        grid.addWidget(make_label(self.place.say(key), "label"), row, column * 2)
        grid.addWidget(make_label(text, wrap=True), row, column * 2 + 1)

    def _show_clocks(self, view: CaseView) -> None:
        self.clock_card.empty()
        for clock in view.clocks:
            if self.clock_card.body.count():
                self.clock_card.body.addWidget(make_rule())
            self.clock_card.body.addWidget(self._clock_row(clock))
        line_up(self.clock_card)
        if not view.clocks:
            self.clock_card.body.addWidget(make_label(self.place.say("case.no_clock"), "quiet", wrap=True))

    def _clock_row(self, clock: ClockRow) -> QWidget:
        today = local_now().date()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        key, days = days_key(clock.due, today)
        row.addWidget(Pill(self.place.look, self.place.say(key, days=days), light_of(clock.due, today)))
        words = QVBoxLayout()
        words.setSpacing(1)
        name = rule_name(clock.rule, self.place.voice.language)
        head = "case.provisional_due" if clock.provisional else "case.due_line"
        words.addWidget(make_label(self.place.say(head, name=name, day=clock.due.isoformat()), "strong", wrap=True))
        words.addWidget(make_label(clock.explanation, "quiet", wrap=True))
        row.addLayout(words, 1)
        return holder

    # doing ------------------------------------------------------------------------------------------------------------

    def resume(self, name: str) -> None:
        """Go on in the dialog of this name where one left off."""
        own = {"void": self._void, "identity": self.ask_identity}
        offers = self.view.offers if self.view is not None else ()
        offer = next((one for one in offers if name == f"{STEP}{one.step}"), None)
        if name in own:
            own[name]()
        elif offer is not None:
            self.ask_step(offer)
        elif self.case is not None and not name.startswith(STEP) and not self.corrections.resume(name, self.case):
            self.loop.resume(name, self.case)

    def open_form(self) -> KeptDialog | None:
        """The dialog that is open over the case."""
        return next((form for form in self._forms() if form is not None), None)

    def _forms(self) -> tuple[KeptDialog | None, ...]:
        return self._form, self.loop.form, self.corrections.form

    def ask_step(self, offer: OfferRow) -> None:
        """Ask for the step's fields."""
        if self.case is not None:
            name, case = f"{STEP}{offer.step}", self.case
            self._actions.units_for_step(draft_key(name, case), partial(self._open_step_form, offer, name, case))

    def _open_step_form(self, offer: OfferRow, name: str, case: str, units: Any, draft: Draft | None) -> None:
        form = StepForm(self.place, self.window(), offer, units, lambda data: self._do_step(offer, data))
        self._open_form(form, name, case, draft)

    def _open_form(self, form: KeptDialog, name: str, case: str, draft: Draft | None) -> None:
        self._form = form
        form.finished.connect(self._form_gone)
        form.begin(name, case, draft)
        form.open()

    def _form_gone(self) -> None:
        self._form = None

    def _ask(self, name: str, make: Callable[[], KeptDialog]) -> None:
        """Open a form over the case with what was typed into it before."""
        if self.case is not None:
            case = self.case
            self._actions.load_draft(draft_key(name, case), lambda draft: self._open_form(make(), name, case, draft))

    def _do_step(self, offer: OfferRow, data: dict[str, Any]) -> None:
        if self.case is not None:
            self._actions.step(self.case, offer.step, data, self._step_done, self._form_refused)

    def _step_done(self, saved: Saved) -> None:
        self._close_form()
        warnings = [self.place.say(one.code, **one.values) for one in saved.warnings]
        self.notice.tell(" ".join(warnings), "care")
        self.place.toast.emit(self.place.say("case.step_done"))
        self.refresh()

    def _close_form(self) -> None:
        if self._form is not None:
            self._form.accept()

    def _form_refused(self, error: LiandongError) -> None:
        if self._form is not None:
            self._form.refuse(self.place.say_error(error), str(error.values.get("field", "")))
        else:
            self._refused(error)

    def ask_identity(self) -> None:
        """Pick a reason, then open."""
        if self.view is None or self.view.shown.get("complainant") is None:
            return
        reasons = identity_reasons(self.place)
        self._ask("identity", lambda: ReasonPicker(self.place, self.window(), "identity", reasons, self._open_identity))

    def _open_identity(self, reason: str) -> None:
        if self.case is not None:
            self._actions.open_identity(self.case, reason, self._show_identity, self._form_refused)

    def _show_identity(self, shown: dict[str, Any]) -> None:
        self._close_form()
        if self._people is not None:
            self._people.show_identity(shown.get("complainant") or {})

    def _correct(self) -> None:
        if self.case is not None:
            self.corrections.ask(Subject(CASE, self.case, self.case))

    def _correct_paper(self, kind: str, record: str) -> None:
        if self.case is not None:
            self.corrections.ask(Subject(kind, record, self.case))

    def _void(self) -> None:
        reasons = tuple(self.place.say(f"case.void_{name}") for name in ("twice", "mistake", "withdrawn"))
        self._ask("void", lambda: ReasonPicker(self.place, self.window(), "void", reasons, self._write_void))

    def _write_void(self, reason: str) -> None:
        if self.case is not None:
            self._actions.void(self.case, reason, lambda _: self._changed("case.voided"), self._form_refused)

    def _changed(self, key: str) -> None:
        self._close_form()
        self.notice.tell(self.place.say(key), "good")
        self.refresh()

    def _print(self) -> None:
        receptions = (self.view.shown.get("receptions") if self.view else None) or []
        if receptions:
            argument = {"form": "reception_register", "id": receptions[-1]["id"], "back": "case"}
            self.place.go.emit("preview", argument)

    def _back(self) -> None:
        self.place.go.emit("cases", None)

    def _refused(self, error: LiandongError) -> None:
        self.notice.tell(self.place.say_error(error), "wrong")

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if self.isVisible() and self.open_form() is None and kinds & SHOWN_KINDS:
            self.refresh()

    # building ---------------------------------------------------------------------------------------------------------

    def _make_top(self) -> None:
        self.top.insertWidget(
            0, make_button(self.place, "case.back", self._back, icon="arrow-left", command="back", flat=True)
        )
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.top.setStretch(1, 1)
        self.status = Pill(self.place.look)
        self.top.addWidget(self.status)
        self.correct_button = self.button("correct", self._correct, icon="pencil")
        self.void_button = self.button("void", self._void, icon="trash-2", danger=True, flat=True)
        self.print_button = self.button("print", self._print, icon="printer", command="print")
        for button in (self.correct_button, self.void_button, self.print_button):
            self.top.addWidget(button)

    def _make_middle(self) -> None:
        self.notice = self.add_notice()
        self.unsaved = UnsavedStrip(self.place, self.resume, self._actions.drop_draft)
        column = self.add_scroll()
        column.addWidget(self.unsaved)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        left = QVBoxLayout()
        left.setSpacing(16)
        facts, self.clock_card, trail_card = Card(), Card(), Card()
        self.offers = OffersCard(self.place, self.ask_step)
        cards = ((facts, "facts"), (self.clock_card, "clocks"), (trail_card, "trail"))
        for card, key in cards:
            self.place.voice.put(card.heading, f"case.{key}")
        self._facts_body = facts.body
        self.papers = LoopCard(self.place, self.loop, lambda: self.case, self._correct_paper)
        self.attachments = AttachmentsCard(self.place, self.notice.tell)
        for card in (facts, self.offers, self.clock_card, self.papers, self.attachments):
            left.addWidget(card)
        left.addStretch(1)
        self.trail = Trail(self.place)
        trail_card.body.addWidget(self.trail)
        trail_card.body.addStretch(1)
        columns.addLayout(left, 53)
        columns.addWidget(trail_card, 47)
        column.addLayout(columns, 1)
        Responsive(self, columns, self.place, NARROW)
