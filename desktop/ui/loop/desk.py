"""What is opened over a case or a reception: record an interview, a return visit or a rating; write a letter."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.services.shapes import Draft, Printed, Saved, TemplateField
from desktop.ui.loop.form import TemplateForm
from desktop.ui.unsaved import draft_key
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

RECORDS = {"Interview": "interview_record", "ReturnVisit": "revisit_record", "Rating": "satisfaction_form"}
"""Kinds that are recorded here, with the form each prints as."""
PRINTED = {**RECORDS, "Reception": "reception_register"}
"""Every record of a case with the form it prints as."""
LETTERS = (
    "acceptance_notice", "rejection_notice", "realname_contact", "proposal_sheet", "transfer_letter",
    "supervision_order", "extension_approval", "leader_package", "answer_letter", "realname_feedback",
    "delivery_receipt",
)  # fmt: skip
NUMBERED = frozenset({"acceptance_notice", "rejection_notice", "transfer_letter", "supervision_order", "answer_letter"})
MOMENTS = ("started_at", "visited_at", "rated_at")
"""Fields that begin with the present minute."""
TOUCHED = ("Interview", "ReturnVisit", "Rating", "Case", "Draft")


class LoopDesk(QObject):
    """Opens the forms of one page, one at a time; ``back`` is where the preview returns to."""

    def __init__(self, place: Workplace, page: QWidget, back: str) -> None:
        super().__init__(page)
        self._place, self._page, self._back = place, page, back
        self.form: TemplateForm | None = None

    def record(self, kind: str, about: dict[str, str]) -> None:
        """A new record about ``{"case": id}``."""
        key = draft_key(kind, about["case"])
        self._place.tasks.read(
            lambda office: (office.template(kind), office.load_draft(key.screen, key.key)),
            lambda read: self._ask_record(kind, about, *read),
            owner=self,
        )

    def write(self, form: str, case: str) -> None:
        """A letter or sheet about a case."""
        key = draft_key(form, case)
        self._place.tasks.read(
            lambda office: (office.paper_template(form), office.load_draft(key.screen, key.key)),
            lambda read: self._ask_letter(form, case, *read),
            owner=self,
        )

    def resume(self, name: str, case: str) -> None:
        """Go on in the form of this name where one left off."""
        if name in RECORDS:
            self.record(name, {"case": case})
        elif name in LETTERS:
            self.write(name, case)

    def keep(self) -> None:
        """Keep what was typed into the form."""
        if self.form is not None:
            self.form.keep()

    def forget(self) -> None:
        """Locked: close the form."""
        if self.form is not None:
            self.form.reject()

    def _ask_record(
        self, kind: str, about: dict[str, str], fields: tuple[TemplateField, ...], draft: Draft | None
    ) -> None:
        form = self._make(self._place.say(f"loop.new_{kind.lower()}"), fields, ("save_print", "save"))
        for path in MOMENTS:
            if path in form.entry:
                form.entry[path].set_now()
        if "interview_kind" in form.entry:
            form.entry["interview_kind"].set_value("RECEPTION")
        for path in ("interviewers", "staff"):
            if path in form.entry and self._place.facts is not None:
                form.entry[path].set_value([self._place.facts.user])
        key = draft_key(kind, about["case"])
        form.on_done = lambda verb, data: self._place.tasks.write(
            lambda office: office.record(kind, {**data, **about}, draft=key),
            partial(self._recorded, print_it=verb == "save_print"),
            self._refused,
            owner=self,
            kinds=TOUCHED,
        )
        form.begin(kind, about["case"], draft)
        form.open()

    def _ask_letter(self, name: str, case: str, fields: tuple[TemplateField, ...], draft: Draft | None) -> None:
        verbs = ("preview", "issue") if name in NUMBERED else ("preview",)
        form = self._make(self._place.say(f"preview.form_{name}"), fields, verbs)
        form.advise(self._place.say("loop.letter_hint"))
        key = draft_key(name, case)

        def print_it(verb: str, data: dict[str, Any]) -> None:
            ends = key if verb == "issue" or name not in NUMBERED else None
            self._place.tasks.write(
                lambda office: office.print_form(name, case, paper=data, issue=verb == "issue", draft=ends),
                self._printed,
                self._refused,
                owner=self,
                kinds=("Print", "DocumentNumber", "Draft"),
            )

        form.on_done = print_it
        form.begin(name, case, draft)
        form.missing.watch(lambda data: self._ask_missing(form, name, case, data))
        form.open()

    def _ask_missing(self, form: TemplateForm, name: str, case: str, data: dict[str, Any]) -> None:
        """What the letter lacks; while something cannot be read yet, what was told last stays."""
        if self._place.tasks.is_open:
            self._place.tasks.read(
                lambda office: office.letter_missing(name, case, data),
                form.missing.show_missing,
                lambda _: None,
                owner=form,
                key="missing",
            )

    def _make(self, title: str, fields: tuple[TemplateField, ...], verbs: tuple[str, ...]) -> TemplateForm:
        form = self.form = TemplateForm(self._place, self._page.window(), title, fields, verbs)
        form.finished.connect(self._gone)
        return form

    def _gone(self) -> None:
        self.form = None

    def _recorded(self, saved: Saved, *, print_it: bool) -> None:
        self._close()
        number = saved.number or ""
        said = [self._place.say("loop.saved", number=number)]
        said += [self._place.say(notice.code, **notice.values) for notice in saved.warnings]
        self._place.toast.emit(" ".join(said))
        if print_it:
            self._place.go.emit("preview", {"form": RECORDS[saved.kind], "id": saved.id, "back": self._back})

    def _printed(self, printed: Printed) -> None:
        self._close()
        self._place.go.emit("preview", {"printed": printed, "back": self._back})

    def _close(self) -> None:
        if self.form is not None:
            self.form.accept()

    def _refused(self, error: LiandongError) -> None:
        if self.form is not None:
            values: dict[str, Any] = error.values
            self.form.refuse(self._place.say_error(error), str(values.get("field", "")))
