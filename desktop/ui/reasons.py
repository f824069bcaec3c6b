"""A reason is picked from a list before something grave is done; what was typed instead stays until it is done."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QWidget

from desktop.ui.kept import KeptDialog
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.widgets.typing import Line
from desktop.ui.workplace import Workplace

LIST_PADDING = 12
IDENTITY_REASONS = ("contact", "verify", "feedback", "print", "revisit")
"""The pick list for opening an identity: text keys ``case.reason_<name>``."""


def identity_reasons(place: Workplace) -> tuple[str, ...]:
    """The reasons for opening an identity, in the language in force."""
    return tuple(place.say(f"case.reason_{name}") for name in IDENTITY_REASONS)


class ReasonPicker(KeptDialog):
    """A list of reasons, first chosen; Enter takes it, a line below takes another."""

    def __init__(
        self,
        place: Workplace,
        window: QWidget,
        verb: str,
        reasons: tuple[str, ...],
        on_pick: Callable[[str], None],
        *,
        name: str = "case",
        topic: str = "case",
    ) -> None:
        title = place.say(f"{topic}.{verb}_reason")
        super().__init__(place, window, f"{name}.{verb}_reasons", title, name)
        self._on_pick = on_pick
        self.setMinimumWidth(place.look.scaled(420))
        explained = make_label(place.say(f"{topic}.{verb}_explained"))
        explained.setWordWrap(True)
        self.column.addWidget(make_label(title, "title"))
        self.column.addWidget(self.restored)
        self.column.addWidget(explained)
        self.reasons = QListWidget()
        self.reasons.setObjectName(f"{name}.{verb}_reason")
        self.reasons.setAccessibleName(title)
        self.reasons.addItems(reasons)
        self.reasons.setCurrentRow(0)
        self.reasons.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.reasons.itemActivated.connect(lambda _: self._pick())
        self.column.addWidget(self.reasons)
        self.other = Line()
        self.entry.add(f"{verb}_other_reason", self.other, "case.other_reason")
        self.other.setPlaceholderText(place.say("case.other_reason"))
        self.other.returnPressed.connect(self._pick)
        self.column.addWidget(self.other)
        self.go = make_button(
            place, f"{name}.confirm_{verb}", self._pick, primary=True, command="commit", key=f"{topic}.confirm_{verb}"
        )
        cancel = make_button(place, f"{name}.cancel_{verb}", self.reject, key="case.cancel_step")
        self.add_buttons(cancel, self.go)

    def showEvent(self, event: QShowEvent) -> None:
        """All reasons are in sight; their height is known once they are styled."""
        rows, frame = self.reasons.count(), self.reasons.frameWidth()
        self.reasons.setMinimumHeight(rows * self.reasons.sizeHintForRow(0) + 2 * frame + LIST_PADDING)
        super().showEvent(event)
        self.resize(self.width(), max(self.height(), self.column.totalHeightForWidth(self.width())))

    def focus_first(self) -> None:
        """The list, or what was typed instead of taking from it."""
        (self.other if self.other.text() else self.reasons).setFocus()

    def _pick(self) -> None:
        item = self.reasons.currentItem()
        self.submit()
        self._on_pick(self.other.value() or (item.text() if item is not None else ""))
