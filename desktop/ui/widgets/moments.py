"""A date (and time) field that is typed freely and shows what it understood."""

from collections.abc import Callable
from datetime import datetime

from desktop.ui.widgets.moment_words import parse_day, parse_moment
from desktop.ui.widgets.typing import LATIN, Line
from sync.domain.times import CHINA_TIME


def local_now() -> datetime:
    """Now, by the clock of the country, without zone."""
    return datetime.now(CHINA_TIME).replace(tzinfo=None, second=0, microsecond=0)


class MomentField(Line):
    """``value`` is ``2026-11-20T09:10``; text that means no moment is given on as it is, to be refused by name."""

    example = "ui.moment_example"
    """Key of how it may be typed."""

    def __init__(self, name: str, clock: Callable[[], datetime] = local_now) -> None:
        super().__init__(name)
        self.setInputMethodHints(LATIN)
        self._clock = clock
        self._exact: str | None = None
        self.editingFinished.connect(self.settle)

    def set_now(self) -> None:
        """Show the present minute."""
        self.set_value(self._clock().isoformat(timespec="minutes"))

    def value(self) -> str | None:
        """The moment as local ISO text."""
        text = self.text().strip()
        if self._exact is not None and text == _shown(self._exact):
            return self._exact
        moment = parse_moment(text, self._clock())
        return moment.isoformat(timespec="minutes") if moment else text or None

    def set_value(self, value: object) -> None:
        """Show local ISO text; seconds are kept although not shown."""
        self._exact = str(value) if value else None
        self.setText(_shown(self._exact) if self._exact else "")

    def settle(self) -> None:
        """Show what was understood; mark what was not."""
        value = self.value()
        understood = value is None or parse_moment(value, self._clock()) is not None
        if value is not None and understood and not self.composing:
            self.set_value(value)
        self.setProperty("wrong", not understood)
        self.style().polish(self)


class DayField(MomentField):
    """The same for a day: ``value`` is ``2026-11-20``; without a year the coming one."""

    example = "ui.day_example"

    def value(self) -> str | None:
        """The day as ISO text."""
        text = self.text().strip()
        day = parse_day(text, self._clock().date(), coming=True)
        return day.isoformat() if day else text or None


def _shown(iso: str) -> str:
    return iso[:16].replace("T", " ")
