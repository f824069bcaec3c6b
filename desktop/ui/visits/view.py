"""The visits screen: the list of visits, and the editor that opens from it."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.services.shapes import Draft, Saved
from desktop.ui.autosave import Autosave
from desktop.ui.entry import Entry
from desktop.ui.screen import Commands, Screen
from desktop.ui.unsaved_view import RestoredBar
from desktop.ui.visits.actions import VisitActions
from desktop.ui.visits.editor import VisitEditor
from desktop.ui.visits.list_page import VisitListPage
from desktop.ui.visits.model import changes_of, copy_of, is_blank
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Notice, Pill
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

LIST, EDITOR = 0, 1


class VisitScreen(Screen):
    """Village visits."""

    name = "visit"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.entry = Entry(place, self.name)
        self._actions = VisitActions(place)
        self.draft = Autosave(place, self.name, self._draft_body)
        self.visit: str | None = None
        self._before: dict[str, Any] = {}
        self._case_index: int | None = None
        self.overview = VisitListPage(place, self._actions, self.open_visit, self._visit_village)
        self._make_top()
        self._stack = QStackedWidget()
        self.middle.addWidget(self._stack)
        self._stack.addWidget(self.overview)
        self._stack.addWidget(self._make_editor())
        self._make_bottom()
        self.entry.edited.connect(self._on_edited)
        self.draft.saved.connect(self._show_draft_time)
        place.tasks.changed.connect(self._on_changed)
        self._turn(LIST)

    def open(self, argument: Any = None) -> None:
        """``new``, ``{"draft": key}``, ``{"visit": id}``, ``{"village": code}`` for a new one there, or the list."""
        if argument == "new":
            self.start_new()
        elif isinstance(argument, dict) and "draft" in argument:
            key = str(argument["draft"])
            self._actions.load_draft(key, lambda draft: self._resume(key, draft))
        elif isinstance(argument, dict) and "visit" in argument:
            self.open_visit(str(argument["visit"]))
        elif isinstance(argument, dict) and "village" in argument:
            self._visit_village(str(argument["village"]))
        elif self._stack.currentIndex() == LIST:
            self.refresh()
            self.overview.table.setFocus()

    def refresh(self) -> None:
        """Read the list, the calendar or the map anew."""
        self.overview.refresh()

    def leave(self) -> None:
        """Keep what was typed."""
        self.draft.save_now()

    def forget(self) -> None:
        """Locked."""
        self.draft.restart()
        self._clear()
        self.overview.forget()
        self._turn(LIST)

    def commands(self) -> Commands:
        """Keys of this page."""
        if self._stack.currentIndex() == LIST:
            return {"refresh": self.refresh}
        return {
            "commit": self.save,
            "print": self.save_and_print,
            "copy": self.same_again,
            "make_case": self.make_case_of_focus,
            "add_row": self.editor.findings.focus_spare,
            "save": self.draft.save_now,
            "back": self.back,
        }

    # what a person does -----------------------------------------------------------------------------------------------

    def _start_empty(self) -> None:
        self.start_new()

    def start_new(self, like: dict[str, Any] | None = None) -> None:
        """An empty form with what was last used."""
        self.draft.save_now()
        self._clear()
        facts, last = self.place.facts, self.place.last_used
        visitors = last.get("visitors") or ([facts.user] if facts else [])
        start = {"village": last.get("village"), "visitors": visitors, **(like or {})}
        self.entry.blockSignals(True)
        self.editor.show_visit(start)
        self.entry["started_at"].set_now()
        self.entry.blockSignals(False)
        self.draft.restart()
        self._turn(EDITOR)
        self.to_top()
        self.entry["village"].setFocus()
        self.entry["village"].selectAll()

    def _visit_village(self, village: str) -> None:
        self.start_new({"village": village})
        self.entry["summary"].setFocus()

    def open_visit(self, visit: str) -> None:
        """A recorded visit, to look at and to correct."""
        self.draft.save_now()
        self._actions.show(visit, lambda shown, draft: self._show(visit, shown, draft))

    def same_again(self) -> None:
        """A new visit like this one."""
        self.start_new(copy_of(self.editor.values()))

    def save(self) -> None:
        """Record or correct."""
        self.save_button.setEnabled(False)
        self.draft.save_now()
        if self.visit is None:
            self._actions.record(self.editor.values(), self.draft.key, self._saved, self._refused)
        else:
            after = self.editor.edited_from(self._before)
            self._actions.correct(self.visit, self._before, after, self._saved, self._refused)

    def save_and_print(self) -> None:
        """Save, then look at the sheet."""
        self._print_after = True
        self.save()

    def make_case_of_focus(self) -> None:
        """The finding that holds the focus becomes a case."""
        index = self.editor.findings.index_of_focus()
        if index is not None:
            self.make_case(index)

    def make_case(self, index: int) -> None:
        """The finding becomes a case; an unsaved visit is recorded first."""
        if self.entry[f"findings.{index}.text"].value() is None:
            self.place.toast.emit(self.place.say("visit.finding_wanted"))
            return
        self._case_index = self._filled_before(index)
        self.save()

    def back(self) -> None:
        """To the list; what was typed stays as a draft."""
        self.draft.save_now()
        self._clear()
        self._turn(LIST)
        self.refresh()

    # answers ----------------------------------------------------------------------------------------------------------

    def _saved(self, saved: Saved) -> None:
        self.save_button.setEnabled(True)
        self._remember()
        self.draft.turn_to(saved.id, stored=False)
        lines = [self.place.say("visit.done", number=saved.number or "—")]
        lines += [self.place.say(notice.code, **notice.values) for notice in saved.warnings]
        self.notice.tell("\n".join(lines), "care" if saved.warnings else "good")
        self.visit = saved.id
        if self._case_index is not None:
            index, self._case_index = self._case_index, None
            self._actions.make_case(saved.id, index, self._case_made, self._refused)
        else:
            self._after_saving(saved.id)

    def _after_saving(self, visit: str) -> None:
        printing, self._print_after = self._print_after, False
        self._actions.show(visit, lambda shown, draft: self._show(visit, shown, draft, keep_notice=True))
        if printing:
            self.place.go.emit("preview", {"form": "visit_record", "id": visit, "back": self.name})

    def _case_made(self, saved: Saved) -> None:
        self.place.toast.emit(self.place.say("visit.case_made", number=saved.number or ""))
        self.place.go.emit("case", saved.id)
        if self.visit is not None:
            self._after_saving(self.visit)

    def _refused(self, error: LiandongError) -> None:
        self.save_button.setEnabled(True)
        self._case_index, self._print_after = None, False
        self.notice.tell(self.place.say_error(error), "wrong")
        self.entry.mark_wrong(str(error.values.get("field", "")))

    def _show(self, visit: str, shown: dict[str, Any], draft: Draft | None, *, keep_notice: bool = False) -> None:
        """A recorded visit, with what was typed to correct it and not saved."""
        self._clear(keep_notice=keep_notice)
        self.visit, self._before = visit, shown
        self._write({**shown, **draft.body["changes"]} if draft is not None else shown)
        self.draft.turn_to(visit, stored=draft is not None)
        self.restored.tell(draft.saved_at if draft is not None else None)
        self._turn(EDITOR)
        self.to_top()
        self.number.show_state(str(shown.get("number") or ""), "plain")
        self.number.show()

    def _resume(self, key: str, draft: Any) -> None:
        if draft is None:
            return
        if "changes" in draft.body:
            self.open_visit(key)
            return
        self._clear()
        self._write(draft.body["values"])
        self.draft.resume(key)
        self._turn(EDITOR)
        self.entry["summary"].setFocus()

    def _write(self, values: dict[str, Any]) -> None:
        """Fill the form; that is no typing."""
        self.entry.blockSignals(True)
        self.editor.show_visit(values)
        self.entry.blockSignals(False)

    def _discard(self) -> None:
        """Back to the visit as it was recorded."""
        self.draft.drop()
        if self.visit is not None:
            self.open_visit(self.visit)

    def _on_edited(self) -> None:
        self.draft.touch()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if "Visit" in kinds and self._stack.currentIndex() == LIST and self.isVisible():
            self.refresh()

    def _draft_body(self) -> dict[str, Any] | None:
        if self.visit is not None:
            changes = changes_of(self._before, self.editor.edited_from(self._before))
            return {"changes": changes} if changes else None
        values = self.editor.values()
        return None if is_blank(values) else {"title": self.entry["village"].text(), "values": values}

    def _remember(self) -> None:
        values = self.editor.values()
        self.place.last_used |= {"village": values.get("village"), "visitors": values.get("visitors")}

    def _filled_before(self, index: int) -> int:
        """The index among the rows that have a text: empty rows are not recorded."""
        return sum(self.entry[f"findings.{row}.text"].value() is not None for row in range(index))

    def _clear(self, *, keep_notice: bool = False) -> None:
        self.visit, self._before, self._print_after = None, {}, False
        self._write({})
        self.entry.clear_marks()
        self.restored.tell(None)
        self.number.hide()
        if not keep_notice:
            self.notice.tell("")

    def _show_draft_time(self) -> None:
        self.number.show_state(
            self.place.say("reception.draft_saved", time=local_now().strftime("%H:%M")), "plain", "save"
        )
        self.number.show()

    def _turn(self, page: int) -> None:
        """Hide first, then show: the bar never holds both sets of buttons, which would widen the window."""
        self._stack.setCurrentIndex(page)
        of_editor = (self.back_button, self.copy_button, self.bottom_bar)
        of_list = (self.new_button, self.overview.view)
        shown, hidden = (of_list, of_editor) if page == LIST else (of_editor, of_list)
        for widget in hidden:
            widget.hide()
        for widget in shown:
            widget.show()

    # building ---------------------------------------------------------------------------------------------------------

    def _make_top(self) -> None:
        self.number = Pill(self.place.look)
        self.number.hide()
        self.top.addWidget(self.number)
        self.top.addWidget(self.overview.view)
        self.top.addStretch(1)
        self.back_button = self.button("back", self.back, icon="arrow-left", command="back")
        self.copy_button = self.button("copy", self.same_again, icon="copy", command="copy")
        self.new_button = self.button("new", self._start_empty, primary=True, icon="plus", command="new_visit")
        for button in (self.back_button, self.copy_button, self.new_button):
            self.top.addWidget(button)

    def _make_editor(self) -> QWidget:
        column = self.add_scroll()
        self.middle.removeWidget(self.scroller)
        self.notice = Notice(self.place.look, "visit.notice")
        column.addWidget(self.notice)
        self.restored = RestoredBar(self.place, "visit", self._discard)
        column.addWidget(self.restored)
        self.editor = VisitEditor(self.place, self.entry, self.make_case)
        column.addWidget(self.editor)
        return self.scroller

    def _make_bottom(self) -> None:
        bottom: QHBoxLayout = self.add_bottom()
        self.bottom_bar: QWidget = bottom.parentWidget() or self
        self.save_button = self.button("register", self.save, primary=True, command="commit")
        self.print_button = self.button("register_print", self.save_and_print, icon="printer", command="print")
        for button in (self.save_button, self.print_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
