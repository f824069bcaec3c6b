"""Every colour that carries words stands out from what lies under it, in both themes (WCAG 2: 4.5 : 1; edges 3 : 1)."""

import pytest

from desktop.ui.theme import DARK, LIGHT, Tokens

WORDS = {
    "text": "page card field hover faint_line primary_soft",
    "soft_text": "page card hover",
    "muted": "page card",
    "placeholder": "field",
    "disabled": "page card field disabled_fill",
    "primary_text": "primary primary_hover",
    "primary_deep": "primary_soft card",
    "link": "page card hover field primary_soft",
    "amber": "amber_soft page card primary_soft",
    "red": "red_soft page card hover primary_soft",
    "nav_text": "nav nav_active nav_hover",
    "nav_muted": "nav nav_active nav_hover",
    "toast_text": "toast",
}
EDGES = {"field_line": "card field", "link": "page card field", "nav_edge": "nav nav_active"}


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (equal) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, 4.5), (EDGES, 3.0)], ids=["words", "edges"])
def test_colours_stand_out(tokens: Tokens, pairs: dict[str, str], least: float) -> None:
    found = {
        f"{front} on {back}": round(contrast(getattr(tokens, front), getattr(tokens, back)), 2)
        for front, backs in pairs.items()
        for back in backs.split()
    }
    assert {pair: value for pair, value in found.items() if value < least} == {}
