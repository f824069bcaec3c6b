"""Faces of the forms: which font draws which character, and how wide it is.

A face is a chain of fonts. The office's own 仿宋, 小标宋 and 黑体 come first where installed, then the shipped
Noto Serif and Noto Sans; a character goes to the first font of the chain that has it. Fonts are read on first need
and kept for the life of the process.
"""

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from desktop.forms.embedding import EmbeddedFont
from desktop.forms.errors import FormError, no_glyph
from sync.shipped.places import resources_folder

BOX = "☐"
TICKED = "☑"
TICKS = frozenset(BOX + TICKED)
"""Drawn as lines, never as glyphs: fonts rarely have them."""


class Face(StrEnum):
    """What a text is for; the fonts follow from it."""

    BODY = "body"
    """仿宋: values and running text."""
    TITLE = "title"
    """小标宋: titles."""
    HEADING = "heading"
    """黑体: labels and headings."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """Where a character comes from: registered font and advance in thousandths of the size."""

    font: str
    advance: float


_SHIPPED = {
    Face.BODY: ("NotoSerifSC-Regular", "NotoSansSC-Regular"),
    Face.TITLE: ("NotoSerifSC-Bold", "NotoSerifSC-Regular", "NotoSansSC-Regular"),
    Face.HEADING: ("NotoSansSC-Regular", "NotoSerifSC-Regular"),
}
_OFFICE = {
    Face.BODY: ("simfang.ttf", "仿宋_GB2312.ttf", "FZFSJW.TTF"),
    Face.TITLE: ("FZXBSJW.TTF", "方正小标宋简体.ttf", "方正小标宋_GBK.TTF"),
    Face.HEADING: ("simhei.ttf", "FZHTJW.TTF"),
}


_RARE = ("simsunb.ttf", "SimsunExtG.ttf", "HanaMinA.ttf", "HanaMinB.ttf", "times.ttf", "seguisym.ttf")
"""Large fonts of the system, asked last and read only for a character that no other font has."""


class FontBook:
    """Chooses fonts character by character; remembers what it chose."""

    def __init__(self, chains: Mapping[Face, tuple[Path, ...]], rare: tuple[Path, ...] = ()) -> None:
        self._chains = chains
        self._rare = rare
        self._glyphs: dict[Face, dict[str, Glyph]] = {face: {} for face in Face}
        self.signs: dict[tuple[Face, float, float], dict[str, Any]] = {}
        """What typesetting made of glyphs, by face, size and tracking."""

    def glyph(self, face: Face, character: str) -> Glyph:
        """The glyph of one character. Raises FormError naming a character that no font has."""
        known = self._glyphs[face].get(character)
        if known is None:
            known = self._glyphs[face][character] = self._find(face, character)
        return known

    def first_font(self, face: Face) -> str:
        """The registered name of the face's first font."""
        name: str = register_font(self._chains[face][0]).fontName
        return name

    def _find(self, face: Face, character: str) -> Glyph:
        code = ord(character)
        for path in (*self._chains[face], *filter(_usable, self._rare)):
            font = register_font(path)
            if font.face.charToGlyph.get(code):
                return Glyph(font.fontName, font.face.getCharWidth(code))
        raise no_glyph(character)


def load_fonts(stop: Callable[[], bool]) -> None:
    """Read the first font of every face before something is printed; on any thread, until ``stop`` says so."""
    book = office_book()
    for face in Face:
        if stop():
            return
        book.first_font(face)


def clean(text: str) -> str:
    """The text as it can be printed: one kind of line end, tabs as spaces, invisible signs left out."""
    for line_end in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    text = text.replace("\t", "  ")
    return "".join(sign for sign in text if sign == "\n" or not _invisible(sign))


def _invisible(sign: str) -> bool:
    if unicodedata.category(sign) in ("Cc", "Cf"):
        return True
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


@cache
def register_font(path: Path) -> EmbeddedFont:
    """Read a TrueType font once per process. Raises FormError where the file is missing or not TrueType."""
    try:
        font = EmbeddedFont(path.stem, str(path))
    except (TTFError, OSError) as error:
        raise FormError("forms.bad_font", file=path.name) from error
    pdfmetrics.registerFont(font)
    return font


@cache
def shipped_book() -> FontBook:
    """The book of shipped fonts alone: the same bytes on every machine."""
    folder = resources_folder() / "fonts"
    return FontBook({face: tuple(folder / f"{name}.ttf" for name in names) for face, names in _SHIPPED.items()})


@cache
def office_book() -> FontBook:
    """The book with the office's installed fonts before the shipped ones."""
    folder = resources_folder() / "fonts"
    return FontBook(
        {
            face: _installed(_OFFICE[face]) + tuple(folder / f"{name}.ttf" for name in names)
            for face, names in _SHIPPED.items()
        },
        tuple(_present(_RARE)),
    )


def _installed(names: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(filter(_usable, _present(names)))[:1]


def _present(names: tuple[str, ...]) -> Iterator[Path]:
    found = (folder / name for folder in _font_folders() for name in names)
    return filter(Path.is_file, found)


def _usable(path: Path) -> bool:
    try:
        register_font(path)
    except FormError:
        return False
    return True


def _font_folders() -> tuple[Path, ...]:
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Microsoft/Windows/Fonts"
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local)
    roots = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return tuple(folder for root in roots if root.is_dir() for folder in (root, *_folders_below(root)))


def _folders_below(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_dir())
