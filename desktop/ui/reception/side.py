"""Beside the form: similar matters, and what the register sheet still lacks."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.services.shapes import Hit
from desktop.ui.entry import object_name
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.times import local_date

MOST_SHOWN = 5
MOST_MISSING = 6


class SidePanel(QWidget):
    """Two cards."""

    def __init__(self, place: Workplace, on_link: Callable[[Hit], None]) -> None:
        super().__init__()
        self._place, self._on_link = place, on_link
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._similar, self._missing = Card(), Card()
        place.voice.put(self._similar.heading, "reception.similar")
        place.voice.put(self._similar.aside, "reception.own_unit")
        place.voice.put(self._missing.heading, "reception.missing")
        column.addWidget(self._similar)
        column.addWidget(self._missing)
        column.addStretch(1)
        self.show_similar(())

    def show_similar(self, hits: Sequence[Hit]) -> None:
        """Rows of matters; a button links one as the matter that is repeated."""
        self._similar.empty()
        if not hits:
            self._similar.body.addWidget(self._quiet("reception.no_similar"))
        for index, hit in enumerate(hits[:MOST_SHOWN]):
            if index:
                self._similar.body.addWidget(make_rule())
            self._similar.body.addWidget(self._row(index, hit))

    def show_missing(self, paths: Sequence[str]) -> None:
        """What is lacking, in the sheet's order."""
        self._missing.empty()
        for path in paths[:MOST_MISSING]:
            self._missing.body.addWidget(self._lacking(self._place.say(object_name("reception", path))))
        if len(paths) > MOST_MISSING:
            more = make_label(self._place.say("reception.more_missing", count=len(paths) - MOST_MISSING), "quiet")
            self._missing.body.addWidget(more)
        self._missing.body.addWidget(self._lacking(self._place.say("reception.signature_on_paper")))
        self._missing.body.addWidget(self._quiet("reception.save_first"))

    def _row(self, index: int, hit: Hit) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(make_label(hit.title or hit.snippet, wrap=True))
        day = local_date(hit.created_at).isoformat() if hit.created_at else ""
        words.addWidget(make_label(" · ".join(filter(None, (day, hit.number))), "quiet"))
        row.addLayout(words, 1)
        link = make_button(
            self._place, f"reception.link_{index}", lambda: self._on_link(hit), small=True, key="reception.link"
        )
        link.setAccessibleName(f"{link.accessibleName()} {index + 1}")
        row.addWidget(link)
        return holder

    def _lacking(self, text: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 3, 0, 3)
        mark = QLabel()
        self._place.look.tint(mark, "circle", "amber", 14)
        row.addWidget(mark)
        row.addWidget(make_label(text), 1)
        return holder

    def _quiet(self, key: str) -> QLabel:
        return make_label(self._place.say(key), "quiet", wrap=True)
