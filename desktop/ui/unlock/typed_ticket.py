"""A ticket that is typed: the address of the county's server and the code, checked for slips as soon as it is left."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.widgets.surfaces import make_label
from desktop.ui.widgets.typing import LatinLine
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

if TYPE_CHECKING:
    from desktop.services.enrolling import TypedTicket

Tell = Callable[[str, str], None]
"""A line in place and its kind (good, wrong)."""


class TypedTicketFields(QWidget):
    """Two lines; ``tell`` hears whether the code was typed rightly; ``spoken`` begins their spoken names."""

    def __init__(
        self, place: Workplace, tell: Tell, screen: str = "first_run", spoken: str = "first_run.screen_title"
    ) -> None:
        super().__init__()
        self._place, self._tell, self._spoken = place, tell, spoken
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        words = make_label(role="quiet", wrap=True)
        place.voice.put(words, "first_run.code_line")
        column.addWidget(words)
        self.address, self.code = LatinLine(f"{screen}.address"), LatinLine(f"{screen}.ticket_code")
        for line, key in ((self.address, "first_run.address"), (self.code, "first_run.ticket_code")):
            label = make_label(role="label", wrap=True)
            place.voice.put(label, key)
            self._name(line, key)
            column.addWidget(label)
            column.addWidget(line)
        self.code.editingFinished.connect(self.check)

    def told(self) -> "TypedTicket | None":
        """What was typed; None, and why not, where something lacks or is mistyped."""
        address, code = self.address.value(), self.code.value()
        if not address or not code:
            self._tell(self._place.say("first_run.address_wanted"), "wrong")
            return None
        if not self.check():
            return None
        from desktop.services.enrolling import TypedTicket

        return TypedTicket(code, address)

    def check(self) -> bool:
        """Whether the code bears its check characters; an empty one is not judged."""
        from sync.protocol.ticket import parse_typed_code

        code = self.code.value()
        if not code:
            return False
        try:
            parse_typed_code(code)
        except LiandongError as error:
            self._tell(self._place.say_error(error), "wrong")
            return False
        self._tell(self._place.say("first_run.code_sound"), "good")
        return True

    def forget(self) -> None:
        """Nothing typed stays."""
        for line in (self.address, self.code):
            line.clear()

    def _name(self, line: LatinLine, key: str) -> None:
        place, spoken = self._place, self._spoken
        place.voice.follow(line, lambda: f"{place.say(spoken)} · {place.say(key)}", "setAccessibleName")
