"""Read a printed PDF back: text, pages, fonts, glyphs."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[Any]:
    return list(PdfReader(BytesIO(pdf)).pages)


def text_of(pdf: bytes) -> str:
    """All text without blanks and line ends, so that wrapped values are found whole."""
    return squeezed("".join(page.extract_text() for page in pages_of(pdf)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def fonts_of(pdf: bytes) -> list[Any]:
    found: dict[str, Any] = {}
    for page in pages_of(pdf):
        for font in page["/Resources"]["/Font"].values():
            resolved = font.get_object()
            found[str(resolved["/BaseFont"])] = resolved
    return list(found.values())


def stands_in_order(text: str, parts: list[str]) -> str | None:
    """The first part that is not found behind its predecessor, or None."""
    position = 0
    for part in parts:
        wanted = squeezed(part)
        found = text.find(wanted, position)
        if found < 0:
            return part
        position = found + len(wanted)
    return None
