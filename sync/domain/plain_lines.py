"""Texts of others on a line of one's own: what nobody sees could forge a second line, turn the reading order around or
steer the terminal it is printed on."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Steering and format characters, halves of pairs, ends of lines. Rare characters of names are none of them."""


def is_plain_line(text: str) -> bool:
    """True for a text of which every character shows, and which is not empty."""
    return bool(text.strip()) and not any(unicodedata.category(sign) in _UNSEEN for sign in text)


def plain_line(text: str, kept: str = "") -> str:
    """The text with what does not show spelt out; ``kept``: characters that stay as they are."""
    return "".join(sign if sign in kept else _spelt(sign) for sign in text)


def _spelt(sign: str) -> str:
    return f"\\u{{{ord(sign):x}}}" if unicodedata.category(sign) in _UNSEEN else sign
