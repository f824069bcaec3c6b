"""The language of the window: every visible string comes from the text catalogue and changes without restart."""

import weakref
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from sync.domain.errors import LiandongError
from sync.domain.texts import LANGUAGES
from sync.domain.vocabularies import VOCABULARIES
from sync.shipped.texts import load_catalogue


class Voice(QObject):
    """Says texts in the language in force; widgets given to :meth:`put` follow a switch."""

    changed = Signal()

    def __init__(self, language: str = "zh") -> None:
        super().__init__()
        self._language = language if language in LANGUAGES else "zh"
        self._catalogue = load_catalogue()
        self._put: dict[tuple[int, str], tuple[weakref.ref[QObject], Callable[[], str]]] = {}

    @property
    def language(self) -> str:
        """``zh`` or ``en``."""
        return self._language

    def switch(self, language: str) -> None:
        """Speak another language from now on."""
        if language not in LANGUAGES or language == self._language:
            return
        self._language = language
        self._put = {key: entry for key, entry in self._put.items() if self._is_alive(entry[0])}
        for (_, setter), (reference, text) in list(self._put.items()):
            getattr(reference(), setter)(text())
        self.changed.emit()

    def say(self, key: str, **values: Any) -> str:
        """The text of a key with its gaps filled."""
        return self._catalogue.say(key, self._language, **values)

    def knows(self, key: str) -> bool:
        """True where the catalogue has the key."""
        return key in self._catalogue.texts

    def say_error(self, error: LiandongError) -> str:
        """The line for an expected trouble: what happened, what to do."""
        return self._catalogue.say_error(error, self._language)

    def label(self, vocabulary: str, code: str | None) -> str:
        """The label of a code; empty for none."""
        return VOCABULARIES[vocabulary].label(code, self._language) if code else ""

    def put(self, widget: QObject, key: str, setter: str = "setText", **values: Any) -> None:
        """Call ``widget.setter(text)`` now and after each switch."""
        self.follow(widget, lambda: self.say(key, **values), setter)

    def follow(self, widget: QObject, text: Callable[[], str], setter: str = "setText") -> None:
        """The same for a text that is computed. ``text`` must not hold the widget."""
        self._put[id(widget), setter] = (weakref.ref(widget), text)
        getattr(widget, setter)(text())

    @staticmethod
    def _is_alive(reference: "weakref.ref[QObject]") -> bool:
        widget = reference()
        return widget is not None and shiboken6.isValid(widget)
