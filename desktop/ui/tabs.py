"""The Tab key follows the layouts: what is read first comes first, also where parts were made later than others."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QLayoutItem, QScrollArea, QStackedWidget, QWidget


def order_tabs(top: QWidget) -> None:
    """Put the Tab stops under a page or dialog in reading order."""
    for one, other in pairwise((top, *tab_stops(top))):
        QWidget.setTabOrder(one, other)


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """What takes the Tab key under a widget, in reading order: rows down, within a row to the right."""
    for part in _parts(widget):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus and part.focusProxy() is None:
            yield part
        yield from tab_stops(part)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QScrollArea):
        content = widget.widget()
        yield from (content,) if content is not None else ()
    elif isinstance(widget, QStackedWidget):
        yield from filter(None, map(widget.widget, range(widget.count())))
    else:
        layout = widget.layout()
        if layout is not None:
            yield from _widgets(layout)


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for item in _items(layout):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _widgets(inner)


def _items(layout: QLayout) -> list[QLayoutItem]:
    indexes = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        indexes.sort(key=lambda index: layout.getItemPosition(index)[:2])  # type: ignore[index]
    return [item for item in map(layout.itemAt, indexes) if item is not None]
