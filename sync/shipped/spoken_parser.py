"""A parser of verbs that speaks the language in force in help and complaints: argparse itself knows English only."""

import re
from argparse import SUPPRESS, Action, ArgumentParser, HelpFormatter
from collections.abc import Callable, Iterable
from typing import Any

Say = Callable[..., str]
"""The text of a key, with values, in the language of the verbs."""
_COMPLAINTS = (
    ("needed", r"the following arguments are required: (?P<names>.+)"),
    ("one_needed", r"one of the arguments (?P<names>.+) is required"),
    ("unknown", r"unrecognized arguments: (?P<names>.+)"),
    ("choice", r"invalid choice: (?P<value>.+?) \((?:choose from|choices:) (?P<choices>.+)\)"),
    ("whole", r"invalid int value: (?P<value>.+)"),
    ("one_value", r"expected one argument"),
    ("some_values", r"expected at least one argument"),
    ("few_values", r"expected at most one argument"),
    ("values", r"expected (?P<count>\d+) arguments?"),
    ("not_with", r"not allowed with argument (?P<other>.+)"),
    ("no_value", r"ignored explicit argument (?P<value>.+)"),
)
"""How argparse complains, and the key (of the topic ``parser``) that says the same."""
_ABOUT = re.compile(r"argument (?P<name>[^:]+): (?P<message>.+)", re.DOTALL)


class SpokenParser(ArgumentParser):
    """Subclasses say how: :meth:`said`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False, "formatter_class": _formatter(self.said)})
        self._positionals.title = self.said("parser.positionals")
        self._optionals.title = self.said("parser.options")
        self.add_argument("-h", "--help", action="help", default=SUPPRESS, help=self.said("parser.help"))

    @staticmethod
    def said(key: str, **values: object) -> str:
        """The text of a key."""
        raise KeyError(key, values)

    def in_words(self, message: str) -> str:
        """A complaint of argparse in the language of the verbs; one that is not known here stays as it is."""
        about = _ABOUT.fullmatch(message)
        if about is not None:
            return self.said("parser.about", name=about["name"], message=self.in_words(about["message"]))
        for name, pattern in _COMPLAINTS:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found is not None:
                return self.said(f"parser.{name}", **found.groupdict())
        return message


def _formatter(said: Say) -> type[HelpFormatter]:
    class Formatter(HelpFormatter):
        def add_usage(
            self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
        ) -> None:
            super().add_usage(usage, actions, groups, said("parser.usage") if prefix is None else prefix)

    return Formatter
