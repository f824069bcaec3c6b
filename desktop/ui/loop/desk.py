"""What is opened over a case or a reception: record an interview, a return visit or a rating; write a letter."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.services.shapes import Printed, Saved, TemplateField
from desktop.ui.loop.form import TemplateForm
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

RECORDS = {"Interview": "interview_record", "ReturnVisit": "revisit_record", "Rating": "satisfaction_form"}
"""Kinds that are recorded here, with the form each prints as."""
LETTERS = (
    "acceptance_notice", "rejection_notice", "realname_contact", "proposal_sheet", "transfer_letter",
    "extension_approval", "answer_letter", "realname_feedback", "delivery_receipt",
)  # fmt: skip
NUMBERED = frozenset({"acceptance_notice", "rejection_notice", "transfer_letter", "answer_letter"})
MOMENTS = ("started_at", "visited_at", "rated_at")
"""Fields that begin with the present minute."""
TOUCHED = ("Interview", "ReturnVisit", "Rating", "Case")


class LoopDesk(QObject):
    """Opens the forms of one page; ``back`` is where the preview returns to."""

    def __init__(self, place: Workplace, page: QWidget, back: str) -> None:
        super().__init__(page)
        self._place, self._page, self._back = place, page, back
        self.form: TemplateForm | None = None

    def record(self, kind: str, about: dict[str, str]) -> None:
        """A new record about ``{"case": id}`` or ``{"reception": id}``."""
        self._place.tasks.read(
            lambda office: office.template(kind), lambda fields: self._ask_record(kind, about, fields), owner=self
        )

    def write(self, form: str, case: str) -> None:
        """A letter or sheet about a case."""
        self._place.tasks.read(
            lambda office: office.paper_template(form), lambda fields: self._ask_letter(form, case, fields), owner=self
        )

    def forget(self) -> None:
        """Locked: close the form."""
        if self.form is not None:
            self.form.reject()
            self.form = None

    def _ask_record(self, kind: str, about: dict[str, str], fields: tuple[TemplateField, ...]) -> None:
        form = self._open(self._place.say(f"loop.new_{kind.lower()}"), fields, ("save_print", "save"))
        for path in MOMENTS:
            if path in form.entry:
                form.entry[path].set_now()
        if "interview_kind" in form.entry:
            form.entry["interview_kind"].set_value("RECEPTION")
        for path in ("interviewers", "staff"):
            if path in form.entry and self._place.facts is not None:
                form.entry[path].set_value([self._place.facts.user])
        form.on_done = lambda verb, data: self._place.tasks.write(
            lambda office: office.record(kind, {**data, **about}),
            partial(self._recorded, print_it=verb == "save_print"),
            self._refused,
            owner=self,
            kinds=TOUCHED,
        )

    def _ask_letter(self, name: str, case: str, fields: tuple[TemplateField, ...]) -> None:
        verbs = ("preview", "issue") if name in NUMBERED else ("preview",)
        form = self._open(self._place.say(f"preview.form_{name}"), fields, verbs)
        form.advise(self._place.say("loop.letter_hint"))
        form.on_done = lambda verb, data: self._place.tasks.write(
            lambda office: office.print_form(name, case, paper=data, issue=verb == "issue"),
            self._printed,
            self._refused,
            owner=self,
            kinds=("Print", "DocumentNumber"),
        )

    def _open(
        self, title: str, fields: tuple[TemplateField, ...], verbs: tuple[str, ...], hint: str = ""
    ) -> TemplateForm:
        self.form = TemplateForm(self._place, self._page.window(), title, fields, verbs)
        self.form.open()
        return self.form

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
            self.form = None

    def _refused(self, error: LiandongError) -> None:
        if self.form is not None:
            values: dict[str, Any] = error.values
            self.form.refuse(self._place.say_error(error), str(values.get("field", "")))
