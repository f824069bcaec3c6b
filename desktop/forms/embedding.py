"""TrueType fonts as ReportLab embeds them, mended in two places.

ReportLab writes the ToUnicode map with the bare code point, which is wrong above U+FFFF (the map holds UTF-16), so a
name with 𬭎 could be seen but neither searched nor copied. And it copies the whole outline table (14 MB) for each
subset. Both are done properly here; nothing else changes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, TTFontFace

rl_config.useA85 = 0  # streams as they are: a quarter smaller than as text, and nothing reads them as text
_CHARS_PER_BLOCK = 100
"""A CMap may hold at most so many mappings in one block."""


class _Outlines:
    """Slices of the outline table without a copy of the whole."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._start = start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class EmbeddedFace(TTFontFace):  # type: ignore[misc]
    """A face whose outline table is read where it lies."""

    def get_table(self, tag: str) -> Any:
        """A font table; for ``glyf`` a view of it."""
        if tag == "glyf":
            return _Outlines(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """A font, always embedded as subset, whose text can be copied out whatever the character."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, asciiReadable=False, shapable=False)
        self.face.__class__ = EmbeddedFace  # the file is read once: ReportLab made the face, we only change its ways

    def addObjects(self, doc: Any) -> None:
        """Write the font's subsets into the document (called by ReportLab when it saves)."""
        state = self.state[doc]
        state.frozen = 1
        for index, subset in enumerate(state.subsets):
            name = self.getSubsetInternalName(index, doc)[1:]
            font = self._subset_font(doc, index, subset, name)
            doc.Reference(font, name)
            doc.idToObject["BasicFonts"].dict[name] = font
        del self.state[doc]

    def _subset_font(self, doc: Any, index: int, subset: Sequence[int], name: str) -> Any:
        base = (SUBSETN(index) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
        font = pdfdoc.PDFTrueTypeFont()
        font.Name = name
        font.BaseFont = base
        font.FirstChar = 0
        font.LastChar = len(subset) - 1
        font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
        font.ToUnicode = doc.Reference(self._unicode_stream(doc, base, subset), "toUnicodeCMap:" + base)
        font.FontDescriptor = self.face.addSubsetObjects(doc, base, subset)
        return font

    @staticmethod
    def _unicode_stream(doc: Any, base: str, subset: Sequence[int]) -> Any:
        stream = pdfdoc.PDFStream()
        stream.content = unicode_map(base, subset)
        if doc.compression:
            stream.filters = [pdfdoc.PDFZCompress]
        return stream


def encode_text(font: str, text: str, canvas: Any) -> tuple[tuple[str, str], ...]:
    """A text in the codes of a document's embedded font: of each part the subset's name in the file and the operator
    that shows it."""
    face, document = pdfmetrics.getFont(font), canvas._doc
    parts = face.splitString(text, document)
    return tuple((face.getSubsetInternalName(subset, document), f"<{codes.hex()}> Tj") for subset, codes in parts)


def unicode_map(name: str, subset: Sequence[int]) -> str:
    """The ToUnicode CMap of a subset: code of the font → UTF-16 of the character, surrogate pairs included."""
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *_blocks(subset),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def _blocks(subset: Sequence[int]) -> Iterator[str]:
    lines = [f"<{index:02X}> <{_utf16(code)}>" for index, code in enumerate(subset) if code]
    for start in range(0, len(lines), _CHARS_PER_BLOCK):
        block = lines[start : start + _CHARS_PER_BLOCK]
        yield f"{len(block)} beginbfchar"
        yield from block
        yield "endbfchar"


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be").hex().upper()
