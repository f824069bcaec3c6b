"""Text into search terms: single characters and pairs of neighbours for Chinese, whole words for the rest."""

import re
import unicodedata
from itertools import pairwise

from desktop.storage.row_codec import Fields, fields_of
from sync.domain.declarations import FieldType
from sync.domain.records import KINDS

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_HAN}]+)|([^\\W{_HAN}]+)")
_RARE = re.compile("[\u9fcd-\u9fff\U00010000-\U0010ffff]")
"""Characters younger than the tokenizer's tables: written as words of their code."""

NEVER_SEARCHED = frozenset(
    {
        "OrgUnit",
        "Staff",
        "IdentityKey",
        "Complainant",
        "AccessEntry",
        "AccountEntry",
        "Correction",
        "Conflict",
        "Quarantine",
        "Print",
    }
)
_LINES = {
    "Case": ("title", "external_number"),
    "Visit": ("group", "company"),
    "Reception": ("place", "told_before", "told_result"),
    "Accused": ("name", "workplace", "post"),
    "Attachment": ("title",),
}
"""One-line fields that are searched; of long texts every field is."""


def searched_fields(kind: str) -> tuple[str, ...]:
    """Names of the fields of a kind whose text is found by search; none for people, keys and logs."""
    if kind in NEVER_SEARCHED or kind not in KINDS:
        return ()
    long = [f.name for f in fields_of(kind) if f.facet.type is FieldType.LONG_TEXT]
    return (*_LINES.get(kind, ()), *long)


def normal(text: str) -> str:
    """Full-width to narrow, capitals to small."""
    return unicodedata.normalize("NFKC", text).lower()


def text_of(kind: str, fields: Fields) -> str:
    """All searched text of a record, normalised; empty where there is none or the record is sealed."""
    if fields.get("secrecy") == "SEALED":
        return ""
    values = (fields.get(name) for name in searched_fields(kind))
    return normal("\n".join(value for value in values if isinstance(value, str)))


def index_terms(text: str) -> str:
    """The terms of a normalised text, with spaces between."""
    terms: set[str] = set()
    for han, word in _RUN.findall(text):
        if word:
            terms.add(_spell(word))
            continue
        signs = [_spell(sign) for sign in han] if _RARE.search(han) else list(han)
        terms.update(signs)
        terms.update(first + second for first, second in pairwise(signs))
    return " ".join(terms)


def query_terms(text: str) -> tuple[str, tuple[str, ...]]:
    """An FTS5 expression for what a person typed, and the longer pieces to be checked in the text itself.

    The expression is empty where nothing searchable was typed.
    """
    parts: list[str] = []
    pieces: list[str] = []
    for han, word in _RUN.findall(normal(text)):
        if word:
            parts.append(f'"{_spell(word)}"*')
            continue
        signs = [_spell(sign) for sign in han]
        pairs = [first + second for first, second in pairwise(signs)]
        parts += [f'"{term}"' for term in pairs or signs]
        if len(signs) > 2:
            pieces.append(han)
    return " AND ".join(dict.fromkeys(parts)), tuple(pieces)


def _spell(sign: str) -> str:
    if sign < "\u9fcd":
        return sign
    return _RARE.sub(lambda found: f"u{ord(found.group()):x}u", sign)
