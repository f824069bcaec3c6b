"""The look: colour tokens for light and dark, the text size, the stylesheet made of them, and tinted icons.

Switched without restart: widgets given to :meth:`Look.tint` are painted again when the look changes.
"""

import re
import weakref
from dataclasses import asdict, dataclass
from functools import cache
from string import Template

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.settings import TEXT_SIZES, THEMES
from sync.shipped.places import resources_folder

ICON_SIZE = 18
LARGE_TEXT = 150
"""In per cent; above it the rows of the navigation are lower, so that all of them stand in a window 768 pixels high."""
_SCALED = re.compile(r"(\d+(?:\.\d+)?)sp")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme, by what they are for."""

    page: str
    card: str
    field: str
    text: str
    soft_text: str
    muted: str
    placeholder: str
    disabled: str
    disabled_fill: str
    line: str
    faint_line: str
    field_line: str
    hover: str
    scroll: str
    primary: str
    primary_hover: str
    primary_text: str
    primary_soft: str
    primary_line: str
    primary_deep: str
    link: str
    amber: str
    amber_soft: str
    amber_line: str
    red: str
    red_soft: str
    red_line: str
    nav: str
    nav_active: str
    nav_hover: str
    nav_edge: str
    nav_text: str
    nav_muted: str
    toast: str
    toast_text: str


LIGHT = Tokens(
    page="#F4F6F5",
    card="#FFFFFF",
    field="#FFFFFF",
    text="#1D2A2C",
    soft_text="#4A5B5C",
    muted="#5E6E6E",
    placeholder="#657373",
    disabled="#5F6D6D",
    disabled_fill="#E9EEED",
    line="#DDE4E3",
    faint_line="#E9EEED",
    field_line="#849392",
    hover="#F0F4F3",
    scroll="#C3CDCC",
    primary="#17696D",
    primary_hover="#125558",
    primary_text="#FFFFFF",
    primary_soft="#E0F0EF",
    primary_line="#A9D2CF",
    primary_deep="#0E4A4D",
    link="#17696D",
    amber="#8A5A00",
    amber_soft="#FDF3DD",
    amber_line="#E8C98A",
    red="#A3231F",
    red_soft="#FBE9E7",
    red_line="#EBB0AC",
    nav="#12383B",
    nav_active="#1D5257",
    nav_hover="#184649",
    nav_edge="#5EC2B7",
    nav_text="#EAF3F2",
    nav_muted="#A6C4C2",
    toast="#1D2A2C",
    toast_text="#FFFFFF",
)
DARK = Tokens(
    page="#10191A",
    card="#182526",
    field="#132021",
    text="#E5EDEC",
    soft_text="#B9C8C7",
    muted="#98ABAA",
    placeholder="#7C8F8E",
    disabled="#90A2A1",
    disabled_fill="#263536",
    line="#2A3A3B",
    faint_line="#233233",
    field_line="#5F7576",
    hover="#203031",
    scroll="#3D5152",
    primary="#217C79",
    primary_hover="#1C6E6C",
    primary_text="#FFFFFF",
    primary_soft="#173B3D",
    primary_line="#2C6062",
    primary_deep="#A6E3DC",
    link="#5EC2B7",
    amber="#F2C670",
    amber_soft="#3A2F14",
    amber_line="#6B5724",
    red="#FFA39B",
    red_soft="#3F1F1D",
    red_line="#74403C",
    nav="#0B2224",
    nav_active="#16403F",
    nav_hover="#11302F",
    nav_edge="#5EC2B7",
    nav_text="#E2EEED",
    nav_muted="#8FB0AE",
    toast="#E5EDEC",
    toast_text="#10191A",
)


_PALETTE = {
    "Window": "page",
    "WindowText": "text",
    "Base": "field",
    "AlternateBase": "hover",
    "Text": "text",
    "Button": "card",
    "ButtonText": "text",
    "ToolTipBase": "card",
    "ToolTipText": "text",
    "PlaceholderText": "placeholder",
    "Highlight": "primary",
    "HighlightedText": "primary_text",
    "Link": "link",
    "LinkVisited": "link",
}


@cache
def load_fonts() -> str:
    """Register the shipped fonts once a process; returns the family every screen uses."""
    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(resources_folder() / "fonts" / name))
    return "Noto Sans SC"


def make_stylesheet(tokens: Tokens, text_size: int) -> str:
    """The stylesheet of a theme at a text size in per cent."""
    folder = resources_folder() / "styles"
    template = Template((folder / "app.qss").read_text(encoding="utf-8"))
    row = 42 if text_size <= LARGE_TEXT else 36
    sheet = template.substitute(asdict(tokens), styles=folder.as_posix(), nav_row=f"{row}sp")
    return _SCALED.sub(lambda match: f"{max(1, round(float(match[1]) * text_size / 100))}px", sheet)


@cache
def _icon_source(name: str) -> str:
    return (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def draw_icon(name: str, colour: str, size: int, ratio: float = 2.0) -> QPixmap:
    """The named line icon in a colour, ``size`` logical pixels square."""
    source = _icon_source(name).replace("currentColor", colour)
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class Look(QObject):
    """Theme and text size in force; ``changed`` when either is switched."""

    changed = Signal()

    def __init__(self, theme: str = "light", text_size: int = 100) -> None:
        super().__init__()
        load_fonts()
        self._theme = theme if theme in THEMES else "light"
        self._text_size = text_size if text_size in TEXT_SIZES else 100
        self._tinted: list[tuple[weakref.ref[QObject], str, str, int]] = []

    @property
    def theme(self) -> str:
        """``light`` or ``dark``."""
        return self._theme

    @property
    def text_size(self) -> int:
        """Per cent, one of TEXT_SIZES."""
        return self._text_size

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return DARK if self._theme == "dark" else LIGHT

    def switch(self, *, theme: str | None = None, text_size: int | None = None) -> None:
        """Take another theme or text size and repaint what was tinted."""
        before = self._theme, self._text_size
        self._theme = theme if theme in THEMES else self._theme
        self._text_size = text_size if text_size is not None and text_size in TEXT_SIZES else self._text_size
        if before != (self._theme, self._text_size):
            self._repaint_tinted()
            self.changed.emit()

    def palette(self) -> QPalette:
        """The colours of what no rule of the stylesheet names: menus, lists, print and file dialogs."""
        palette, role, states = QPalette(), QPalette.ColorRole, QPalette.ColorGroup
        for name, token in _PALETTE.items():
            palette.setColor(role[name], self.colour(token))
        for name in ("WindowText", "Text", "ButtonText"):
            palette.setColor(states.Disabled, role[name], self.colour("disabled"))
        return palette

    def stylesheet(self) -> str:
        """The stylesheet for the window."""
        return make_stylesheet(self.tokens, self._text_size)

    def scaled(self, size: int) -> int:
        """A length in pixels at the text size in force."""
        return round(size * self._text_size / 100)

    def colour(self, token: str) -> QColor:
        """The colour of a token."""
        return QColor(getattr(self.tokens, token))

    def icon(self, name: str, colour: str = "soft_text", size: int = ICON_SIZE) -> QIcon:
        """A line icon in a token's colour."""
        return QIcon(self.pixmap(name, colour, size))

    def pixmap(self, name: str, colour: str = "soft_text", size: int = ICON_SIZE) -> QPixmap:
        """The same as a pixmap, for labels and delegates."""
        return draw_icon(name, getattr(self.tokens, colour), self.scaled(size))

    def tint(self, widget: QObject, name: str, colour: str = "soft_text", size: int = ICON_SIZE) -> None:
        """Give a button (``setIcon``) or a label (``setPixmap``) an icon that follows the theme."""
        self._tinted = [entry for entry in self._tinted if entry[0]() not in (None, widget)]
        self._tinted.append((weakref.ref(widget), name, colour, size))
        self._paint(widget, name, colour, size)

    def _repaint_tinted(self) -> None:
        for reference, name, token, size in self._tinted:
            widget = reference()
            if widget is not None and shiboken6.isValid(widget):
                self._paint(widget, name, token, size)

    def _paint(self, widget: QObject, name: str, colour: str, size: int) -> None:
        pixmap = self.pixmap(name, colour, size)
        set_icon = getattr(widget, "setIcon", None)
        if set_icon is not None:
            set_icon(QIcon(pixmap))
            widget.setProperty("iconSize", QSize(self.scaled(size), self.scaled(size)))
        else:
            widget.setPixmap(pixmap)  # type: ignore[attr-defined]
