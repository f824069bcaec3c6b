"""A parser of verbs whose page of help speaks the user's language: argparse itself knows English only."""

from argparse import SUPPRESS, Action, ArgumentParser, HelpFormatter
from collections.abc import Callable, Iterable
from typing import Any

Say = Callable[[str], str]
"""The text of a key in the language of the verbs."""


class SpokenParser(ArgumentParser):
    """Subclasses say how: :meth:`said`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False, "formatter_class": _formatter(self.said)})
        self._positionals.title = self.said("parser.positionals")
        self._optionals.title = self.said("parser.options")
        self.add_argument("-h", "--help", action="help", default=SUPPRESS, help=self.said("parser.help"))

    @staticmethod
    def said(key: str) -> str:
        """The text of a key."""
        raise KeyError(key)


def _formatter(said: Say) -> type[HelpFormatter]:
    class Formatter(HelpFormatter):
        def add_usage(
            self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
        ) -> None:
            super().add_usage(usage, actions, groups, said("parser.usage") if prefix is None else prefix)

    return Formatter
