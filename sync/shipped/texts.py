"""Load the text catalogue from ``resources/texts/*.toml``: one file a topic, ``name = { zh = "…", en = "…" }``."""

import tomllib
from functools import cache

from sync.domain.texts import Catalogue
from sync.shipped.places import resources_folder


@cache
def load_catalogue() -> Catalogue:
    """All texts that are shipped; the file's name is the topic."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted((resources_folder() / "texts").glob("*.toml")):
        for name, pair in tomllib.loads(path.read_text(encoding="utf-8")).items():
            texts[f"{path.stem}.{name}"] = pair
    return Catalogue(texts)
