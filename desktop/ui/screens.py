"""The screens by name, each imported and built when it is first wanted: at start none is, and none waits for others."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtWidgets import QStackedWidget

from desktop.ui.screen import Screen
from desktop.ui.workplace import Workplace


def _today() -> type[Screen]:
    from desktop.ui.today.view import TodayScreen

    return TodayScreen


def _visit() -> type[Screen]:
    from desktop.ui.visits.view import VisitScreen

    return VisitScreen


def _reception() -> type[Screen]:
    from desktop.ui.reception.view import ReceptionScreen

    return ReceptionScreen


def _cases() -> type[Screen]:
    from desktop.ui.cases.list_view import CasesScreen

    return CasesScreen


def _case() -> type[Screen]:
    from desktop.ui.cases.detail_view import CaseScreen

    return CaseScreen


def _exchange() -> type[Screen]:
    from desktop.ui.exchange.view import ExchangeScreen

    return ExchangeScreen


def _county() -> type[Screen]:
    from desktop.ui.county.view import CountyScreen

    return CountyScreen


def _settings() -> type[Screen]:
    from desktop.ui.settings_page.view import SettingsScreen

    return SettingsScreen


def _rules() -> type[Screen]:
    from desktop.ui.rules_page.view import RulesScreen

    return RulesScreen


def _preview() -> type[Screen]:
    from desktop.ui.preview.view import PreviewScreen

    return PreviewScreen


def _viewer() -> type[Screen]:
    from desktop.ui.viewer.view import ViewerScreen

    return ViewerScreen


def _help() -> type[Screen]:
    from desktop.ui.help_page.view import HelpScreen

    return HelpScreen


SCREENS: Mapping[str, Callable[[], type[Screen]]] = {
    "today": _today,
    "visit": _visit,
    "reception": _reception,
    "cases": _cases,
    "case": _case,
    "exchange": _exchange,
    "county": _county,
    "settings": _settings,
    "rules": _rules,
    "preview": _preview,
    "viewer": _viewer,
    "help": _help,
}
"""Name → where its class comes from."""


class Screens(Mapping[str, Screen]):
    """Every screen of the window by name; asking for one builds it and puts it on the stack."""

    def __init__(self, place: Workplace, stack: QStackedWidget) -> None:
        self._place, self._stack = place, stack
        self._built: dict[str, Screen] = {}

    def __getitem__(self, name: str) -> Screen:
        screen = self._built.get(name)
        if screen is None:
            screen = self._built[name] = SCREENS[name]()(self._place)
            self._stack.addWidget(screen)
            screen.forget()
        return screen

    def __iter__(self) -> Iterator[str]:
        return iter(SCREENS)

    def __len__(self) -> int:
        return len(SCREENS)

    @property
    def built(self) -> tuple[Screen, ...]:
        """Those that were wanted so far."""
        return tuple(self._built.values())

    def build_next(self) -> bool:
        """Build one that is not there yet; False where all are."""
        name = next((one for one in SCREENS if one not in self._built), None)
        if name is not None:
            self[name]
        return name is not None
