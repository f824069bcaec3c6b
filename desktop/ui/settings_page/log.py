"""What happened to users and keys of this computer, as far as the reader may see it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.services.accounts import AccountLine
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.workplace import Workplace
from sync.domain.times import to_local

MOST_SHOWN = 12


class AccountLogCard(Card):
    """A line an act, the newest first."""

    def __init__(self, place: Workplace) -> None:
        super().__init__("settings.account_log")
        self._place = place
        place.voice.put(self.heading, "settings.account_log")

    def refresh(self) -> None:
        """Read it anew."""
        self._place.tasks.read(lambda office: office.account_log(MOST_SHOWN), self.show_lines, owner=self, key="log")

    def show_lines(self, lines: Sequence[AccountLine]) -> None:
        """Write the lines."""
        self.empty()
        if not lines:
            self.body.addWidget(make_label(self._place.say("settings.account_log_empty"), "quiet", wrap=True))
            return
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for index, line in enumerate(lines):
            grid.addWidget(make_label(to_local(line.at).strftime("%m-%d %H:%M"), "quiet"), index, 0)
            grid.addWidget(make_label(self._said(line), wrap=True), index, 1)
        self.body.addWidget(holder)

    def _said(self, line: AccountLine) -> str:
        voice = self._place.voice
        who = " · ".join(filter(None, (line.subject, voice.label("role", line.role))))
        by = voice.say("settings.account_by", author=line.author) if line.author != line.subject else ""
        return " · ".join(filter(None, (voice.label("account_act", line.act), who, by)))
