"""What a field offers while it is typed into stands in a window of its own, which the stylesheet does not reach."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QCompleter, QLineEdit


class _Dresser(QObject):
    """Gives the list of choices the look of the window each time its field is entered."""

    def __init__(self, field: QLineEdit, completer: QCompleter) -> None:
        super().__init__(field)
        self._field, self._completer = field, completer
        field.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Nothing is kept from the field."""
        if event.type() == QEvent.Type.FocusIn:
            popup = self._completer.popup()
            sheet = self._field.window().styleSheet() or _sheet_above(self._field)
            if popup is not None and popup.styleSheet() != sheet:
                popup.setStyleSheet(sheet)
        return False


def offer(field: QLineEdit, completer: QCompleter) -> None:
    """Let a field offer choices in the look of its window."""
    field.setCompleter(completer)
    _Dresser(field, completer)


def _sheet_above(field: QLineEdit) -> str:
    """The stylesheet a dialog has from the window it stands over."""
    above = field.window().parentWidget()
    return above.window().styleSheet() if above is not None else ""
