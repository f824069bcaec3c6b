"""Before a protected identity is sealed it is read back: afterwards this unit cannot read it any more."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.reception.model import READ_BACK
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace


class ReadBack(QDialog):
    """Shows the identity once more; ``on_confirm`` seals and registers."""

    def __init__(
        self, place: Workplace, window: QWidget, complainant: Mapping[str, Any], on_confirm: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self.setObjectName("reception.read_back")
        self.setWindowTitle(place.say("reception.protect"))
        self._on_confirm = on_confirm
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(make_label(place.say("reception.read_back"), "heading"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for name in READ_BACK:
            if complainant.get(name) is not None:
                value = complainant[name]
                shown = place.voice.label("sex", value) if name == "sex" else str(value)
                form.addRow(
                    make_label(place.say(f"reception.complainant_{name}"), "label"), make_label(shown, "strong")
                )
        column.addLayout(form)
        warning = make_label(place.say("reception.read_back_warning"), "amber")
        warning.setWordWrap(True)
        column.addWidget(warning)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, "reception.back_to_form", self.reject))
        self.confirm = make_button(place, "reception.confirm_protect", self._confirm, primary=True, icon="shield-check")
        row.addWidget(self.confirm)
        column.addLayout(row)
        self.confirm.setFocus()

    def _confirm(self) -> None:
        self.accept()
        self._on_confirm()
