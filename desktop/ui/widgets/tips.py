"""What is shown when something is pointed at: others' words as they stand, never read as a page."""

from html import escape

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """A tooltip that shows ``text``: what Qt would take for a page, with pictures from anywhere, is spelt out."""
    return f"<p>{escape(text)}</p>" if Qt.mightBeRichText(text) else text
