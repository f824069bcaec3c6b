"""Break text into lines by the rules of Chinese typesetting (避头尾): no line begins with a closing sign and none ends
with an opening one.

Words of Latin letters and digits stay whole while they fit; text is cut between any two Chinese characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop.forms.fonts import TICKS, Face, FontBook, clean

NO_START = frozenset("\uff0c。、\uff1b\uff1a\uff1f\uff01\uff09》〉」』】〕〗”’…—·%‰℃\uff05,.;:?!)]}々〜~")
NO_END = frozenset("\uff08《〈「『【〔〖“‘([{¥$№")
_WORD_SIGNS = frozenset("-./:@_+#%&=,*")


class Align(StrEnum):
    """Where a line stands in its column."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is set: sizes in points; ``tracking`` is added behind each character; ``indent`` opens a paragraph."""

    face: Face = Face.BODY
    size: float = 10.5
    leading: float = 16.0
    align: Align = Align.LEFT
    tracking: float = 0.0
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """Signs of one font in a row. A tick box is a run of its own without font."""

    font: str
    text: str
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """One set line: runs with their offset from the line's start, and its width in points."""

    runs: tuple[Run, ...]
    width: float


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    font: str
    width: float


_Atom = list[_Sign]
"""Signs that stay on one line: a character, a Latin word, or a tick box with the words behind it."""

_ENDS_BOXED = frozenset(" " + "".join(TICKS))


def set_text(book: FontBook, text: str, style: TextStyle, width: float) -> tuple[Line, ...]:
    """The lines of ``text`` in a column of ``width`` points; an empty text has none."""
    if not text:
        return ()
    lines: list[Line] = []
    for paragraph in clean(text).split("\n"):
        lines.extend(_set_paragraph(book, paragraph, style, width))
    return tuple(lines)


def set_balanced(book: FontBook, text: str, style: TextStyle, width: float) -> tuple[Line, ...]:
    """As :func:`set_text`, the lines of about equal length: for titles of more than one line."""
    lines = set_text(book, text, style, width)
    narrow = sum(line.width for line in lines) / max(1, len(lines))
    while len(lines) > 1 and narrow < width:
        balanced = set_text(book, text, style, narrow)
        if len(balanced) <= len(lines):
            return balanced
        narrow += style.size / 2
    return lines


def text_width(book: FontBook, text: str, style: TextStyle) -> float:
    """The width of a text on one line, in points."""
    return sum(sign.width for sign in _signs(book, text, style))


def _set_paragraph(book: FontBook, text: str, style: TextStyle, width: float) -> Iterator[Line]:
    line: list[_Atom] = []
    used, start, broken = style.indent, style.indent, False
    for atom in _fitting(_atoms(_signs(book, text, style)), width):
        size = _width(atom)
        if line and used + size > width + 0.01:
            carried = _carry(line, atom, width)
            yield _line(line, start, style)
            line, start, broken = carried, 0.0, True
            used = sum(_width(moved) for moved in line)
        if broken and not line and atom[0].text == " ":
            continue
        line.append(atom)
        used += size
    if line or not broken:
        yield _line(line, start, style)


def _carry(line: list[_Atom], following: _Atom, width: float) -> list[_Atom]:
    """Take from the line's end what must not stand there, or must go with a sign that may not begin a line; no more
    than the next line holds."""
    carried: list[_Atom] = []
    first, used = following[0].text, _width(following)
    while len(line) > 1 and (first in NO_START or line[-1][-1].text in NO_END) and used + _width(line[-1]) <= width:
        carried.insert(0, line.pop())
        first = carried[0][0].text
        used += _width(carried[0])
    while len(line) > 1 and line[-1][0].text == " ":
        line.pop()
    return carried


def _signs(book: FontBook, text: str, style: TextStyle) -> list[_Sign]:
    known = book.signs.setdefault((style.face, style.size, style.tracking), {})
    for character in set(text).difference(known):
        known[character] = _sign(book, character, style)
    return [known[character] for character in text]


def _sign(book: FontBook, character: str, style: TextStyle) -> _Sign:
    if character in TICKS:
        return _Sign(character, "", style.size * 1.06 + style.tracking)
    glyph = book.glyph(style.face, character)
    return _Sign(character, glyph.font, glyph.advance * style.size / 1000 + style.tracking)


def _atoms(signs: list[_Sign]) -> Iterator[_Atom]:
    word: _Atom = []
    for sign in signs:
        boxed = bool(word) and word[0].text in TICKS and sign.text not in _ENDS_BOXED
        if boxed or _in_word(sign.text):
            word.append(sign)
            continue
        if word:
            yield word
            word = []
        if sign.text in TICKS:
            word = [sign]
        else:
            yield [sign]
    if word:
        yield word


def _in_word(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in _WORD_SIGNS)


def _fitting(atoms: Iterator[_Atom], width: float) -> Iterator[_Atom]:
    """A word wider than the column is cut behind its hyphens, and between any two signs where that is not enough."""
    for atom in atoms:
        if _width(atom) <= width:
            yield atom
            continue
        for part in _hyphenated(atom):
            if _width(part) <= width:
                yield part
            else:
                yield from ([sign] for sign in part)


def _hyphenated(atom: _Atom) -> Iterator[_Atom]:
    part: _Atom = []
    for sign in atom:
        part.append(sign)
        if sign.text == "-":
            yield part
            part = []
    if part:
        yield part


def _width(atom: _Atom) -> float:
    if len(atom) == 1:
        return atom[0].width
    return sum(sign.width for sign in atom)


def _line(atoms: list[_Atom], start: float, style: TextStyle) -> Line:
    runs: list[Run] = []
    x, begun, font, text = start, start, "", ""
    for sign in (sign for atom in atoms for sign in atom):
        if sign.font != font or not sign.font:
            if text:
                runs.append(Run(font, text, begun))
            begun, font, text = x, sign.font, ""
        text += sign.text
        x += sign.width
    if text:
        runs.append(Run(font, text, begun))
    return Line(tuple(runs), max(0.0, x - style.tracking))
