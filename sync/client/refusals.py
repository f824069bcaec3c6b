"""A refusal from the county as an error this program has words for."""

from collections.abc import Mapping

from sync.domain.errors import Refused
from sync.domain.texts import LANGUAGES
from sync.protocol.limits import MAX_CODE_CHARACTERS
from sync.shipped.texts import load_catalogue


def refusal_error(code: str, values: Mapping[str, str | int]) -> Refused:
    """The refusal by its own text; ``exchange.refused`` with the code where a newer county says what we cannot."""
    if _has_words(code, values):
        return Refused(code, **values)
    return Refused("exchange.refused", reason=code[:MAX_CODE_CHARACTERS])


def _has_words(code: str, values: Mapping[str, str | int]) -> bool:
    texts = load_catalogue().texts
    if code not in texts or {"code", "self"} & set(values):
        return False
    try:
        for language in LANGUAGES:
            texts[code][language].format(**values)
    except (KeyError, IndexError, ValueError, TypeError):
        return False
    return True
