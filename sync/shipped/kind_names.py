"""What the kinds of records are called on paper and screens."""

from sync.shipped.texts import load_catalogue


def kind_name(kind: str, language: str) -> str:
    """The kind's name; its code where this version has no name for it."""
    catalogue = load_catalogue()
    key = f"kinds.{kind}"
    return catalogue.say(key, language) if key in catalogue.texts else kind
