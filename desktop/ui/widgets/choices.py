"""A choice of one among many: a drop-down over a vocabulary, and a yes/no box."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox

from desktop.ui.voice import Voice

SHORTEST_SHOWN = 7
"""Characters a closed drop-down shows at least; long terms do not widen the page."""


class TermChoice(QComboBox):
    """A vocabulary's terms (or some of them); the first row is empty unless a start value is given."""

    edited = Signal()

    def __init__(self, name: str, voice: Voice, options: tuple[tuple[str, str], ...], start: str | None = None) -> None:
        """``options``: (code, text key or ``vocabulary:CODE``)."""
        super().__init__()
        self.setObjectName(name)
        self._voice, self._options, self._start = voice, options, start
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(SHORTEST_SHOWN)
        voice.follow(self, str, "show_options")
        self.set_value(start)
        self.activated.connect(lambda _: self.edited.emit())

    def show_options(self, _: str) -> None:
        """Write the terms in the language in force; the choice stays."""
        chosen = self.value()
        self.blockSignals(True)
        self.clear()
        if self._start is None:
            self.addItem("—", None)
        for code, key in self._options:
            self.addItem(_say(self._voice, key), code)
        self.blockSignals(False)
        self.set_value(chosen)

    def set_options(self, options: tuple[tuple[str, str], ...], start: str | None = None) -> None:
        """Offer other terms."""
        self._options, self._start = options, start
        self.show_options("")
        self.set_value(start)

    def value(self) -> str | None:
        """The chosen code."""
        data = self.currentData()
        return str(data) if data is not None else None

    def set_value(self, value: object) -> None:
        """Choose a code; None takes the start value."""
        self.setCurrentIndex(max(0, self.findData(value if value is not None else self._start)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page, never the choice."""
        event.ignore()


class YesBox(QCheckBox):
    """A yes/no field; unticked is None (not said)."""

    edited = Signal()

    def __init__(self, name: str, voice: Voice, key: str) -> None:
        super().__init__()
        self.setObjectName(name)
        voice.put(self, key)
        self.toggled.connect(lambda _: self.edited.emit())

    def value(self) -> bool | None:
        """True when ticked."""
        return True if self.isChecked() else None

    def set_value(self, value: object) -> None:
        """Tick or untick."""
        self.setChecked(value is True)


def terms(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    """Options of a vocabulary: the named codes, or all in official order."""
    from sync.domain.vocabularies import VOCABULARIES

    return tuple((code, f"{vocabulary}:{code}") for code in (codes or VOCABULARIES[vocabulary].codes))


def _say(voice: Voice, key: str) -> str:
    vocabulary, colon, code = key.partition(":")
    return voice.label(vocabulary, code) if colon else voice.say(key)
