"""What can go wrong with a form."""

from sync.domain.errors import Refused


class FormError(Refused):
    """A form cannot be printed as asked; nothing was printed."""


def no_glyph(character: str) -> FormError:
    """None of the fonts can draw ``character``; the text names it with its code point."""
    return FormError("forms.no_glyph", character=character, code_point=f"U+{ord(character):04X}")
