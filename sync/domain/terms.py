"""What a controlled vocabulary is: codes with a Chinese and an English label, in their official order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One code with its labels."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A named list of terms in their official order."""

    name: str
    terms: tuple[Term, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in official order."""
        return tuple(term.code for term in self.terms)

    def label(self, code: str, language: str = "zh") -> str:
        """The label of a code in ``zh`` or ``en``; an unknown code stands for itself."""
        for term in self.terms:
            if term.code == code:
                return term.zh if language == "zh" else term.en
        return code


def vocabulary(name: str, *rows: tuple[str, str, str]) -> Vocabulary:
    """A vocabulary of rows (code, Chinese, English)."""
    return Vocabulary(name, tuple(Term(*row) for row in rows))
