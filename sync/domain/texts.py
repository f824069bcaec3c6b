"""Texts in Chinese and English by key ``topic.name``, filled with values. Loading them is ``sync.shipped.texts``."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.domain.errors import LiandongError

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """The words in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts: key → language → text with ``{gaps}``."""

    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str, /, **values: object) -> str:
        """The text of ``key``, gaps filled. Raises KeyError for an unknown key: that is a bug."""
        text = self.texts[key][language]
        return text.format(**values) if values else text

    def say_error(self, error: LiandongError, language: str) -> str:
        """The line for an expected trouble."""
        return self.say(error.code, language, **error.values)
