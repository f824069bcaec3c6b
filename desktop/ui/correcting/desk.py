"""What opens corrections over a page: reads what stands, asks for a reason where an identity is opened, writes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.services.shapes import Draft, Saved
from desktop.ui.correcting.actions import OF_COUNTY_ONLY, CorrectActions, is_masked, target_of
from desktop.ui.correcting.form import CorrectForm
from desktop.ui.correcting.subject import COMPLAINANT, Sheet, Subject, subject_of
from desktop.ui.kept import KeptDialog
from desktop.ui.read_back import ReadBack
from desktop.ui.reasons import ReasonPicker, identity_reasons
from desktop.ui.unsaved import draft_key
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError


class CorrectDesk(QObject):
    """Dialogs of one page, one at a time; ``on_done`` after a correction, ``on_error`` where none could be opened."""

    def __init__(
        self,
        place: Workplace,
        page: QWidget,
        on_done: Callable[[Saved], object],
        on_error: Callable[[LiandongError], None],
    ) -> None:
        super().__init__(page)
        self._place, self._page, self._on_done, self._on_error = place, page, on_done, on_error
        self._actions = CorrectActions(place)
        self.form: KeptDialog | None = None

    def ask(self, subject: Subject) -> None:
        """Correct a record."""
        self._actions.load(subject, self._loaded, self._on_error)

    def resume(self, name: str, case: str) -> bool:
        """Go on in the dialog of this name; False where it is none of these."""
        subject = subject_of(name, case)
        if subject is not None:
            self.ask(subject)
        return subject is not None

    def keep(self) -> None:
        """Keep what was typed."""
        if self.form is not None:
            self.form.keep()

    def forget(self) -> None:
        """Locked: close the dialog."""
        if self.form is not None:
            self.form.reject()

    def _loaded(self, sheet: Sheet, draft: Draft | None) -> None:
        if is_masked(sheet):
            key = draft_key("identity", sheet.subject.case)
            self._actions.load_draft(key, partial(self._ask_reason, sheet))
        else:
            self._open(CorrectForm(self._place, self._page.window(), sheet, partial(self._write, sheet)), sheet, draft)

    def _ask_reason(self, sheet: Sheet, draft: Draft | None) -> None:
        def opened(found: Sheet, typed: Draft | None) -> None:
            self._close()
            self._loaded(found, typed)

        def pick(reason: str) -> None:
            self._actions.open_identity(sheet, reason, opened, self._refused)

        reasons = identity_reasons(self._place)
        picker = ReasonPicker(self._place, self._page.window(), "identity", reasons, pick)
        self._show(picker, "identity", sheet.subject.case, draft)

    def _open(self, form: CorrectForm, sheet: Sheet, draft: Draft | None) -> None:
        self._show(form, sheet.subject.name, sheet.subject.case, draft)

    def _show(self, form: KeptDialog, name: str, case: str, draft: Draft | None) -> None:
        self.form = form
        form.finished.connect(partial(self._gone, form))
        form.begin(name, case, draft)
        form.open()

    def _gone(self, form: KeptDialog, _: int = 0) -> None:
        if self.form is form:
            self.form = None

    def _write(self, sheet: Sheet, changes: dict[str, Any]) -> None:
        """An identity that this unit will not read again is read back first."""
        facts = self._place.facts
        away = facts is not None and facts.unit != facts.county and sheet.secrecy in OF_COUNTY_ONLY
        send = partial(self._send, sheet, changes)
        if sheet.subject.kind == COMPLAINANT and away:
            whole = target_of(sheet, changes)[2]["complainant"]
            asked = ReadBack(self._place, self.form or self._page.window(), whole, send)
            asked.rejected.connect(self._go_on)
            asked.open()
        else:
            send()

    def _go_on(self) -> None:
        if self.form is not None:
            self.form.go_on()

    def _send(self, sheet: Sheet, changes: dict[str, Any]) -> None:
        self._actions.write(sheet, changes, self._written, self._refused)

    def _written(self, saved: Saved) -> None:
        self._close()
        self._on_done(saved)

    def _close(self) -> None:
        if self.form is not None:
            self.form.accept()

    def _refused(self, error: LiandongError) -> None:
        if self.form is None:
            self._on_error(error)
            return
        values: dict[str, Any] = error.values
        self.form.refuse(self._place.say_error(error), str(values.get("field", "")))
