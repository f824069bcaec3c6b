"""Every key of the window, once: command → key. A screen offers commands; no two commands share a key."""

KEYS: dict[str, str] = {
    "help": "F1",
    "new_reception": "F2",
    "new_visit": "F3",
    "copy": "F4",
    "refresh": "F5",
    "mask": "F6",
    "protect": "F7",
    "seal": "F8",
    "identity": "F9",
    "make_case": "F10",
    "add_row": "Ctrl+J",
    "search": "Ctrl+K",
    "lock": "Ctrl+L",
    "commit": "Ctrl+Return",
    "print": "Ctrl+P",
    "save": "Ctrl+S",
    "export": "Ctrl+E",
    "back": "Alt+Left",
    "today": "Alt+1",
    "visit": "Alt+2",
    "reception": "Alt+3",
    "cases": "Alt+4",
    "exchange": "Alt+5",
    "settings": "Alt+6",
    "county": "Alt+7",
}
_SHOWN = {"Ctrl+Return": "Ctrl+Enter", "Alt+Left": "Alt+←"}


def shown_key(command: str) -> str:
    """The key of a command as people know it."""
    key = KEYS[command]
    return _SHOWN.get(key, key)
