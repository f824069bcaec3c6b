"""Load the text catalogue from ``resources/texts/*.toml``: one file a topic, ``name = { zh = "…", en = "…" }``."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from sync.domain.texts import Catalogue
from sync.shipped.places import resources_folder

Pair = Mapping[str, str]


class TextsByTopic(Mapping[str, Pair]):
    """Texts by ``topic.name``. A topic's file is read when a key of it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, dict[str, Pair]] = {}

    def __getitem__(self, key: str) -> Pair:
        topic, _, name = key.partition(".")
        if topic not in self._topics:
            raise KeyError(key)
        return self._topic(topic)[name]

    def __iter__(self) -> Iterator[str]:
        return (f"{topic}.{name}" for topic in self._topics for name in self._topic(topic))

    def __len__(self) -> int:
        return sum(len(self._topic(topic)) for topic in self._topics)

    @cached_property
    def _topics(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted(self._folder.glob("*.toml"))}

    def _topic(self, topic: str) -> dict[str, Pair]:
        found = self._read.get(topic)
        if found is None:
            found = self._read[topic] = tomllib.loads(self._topics[topic].read_text(encoding="utf-8"))
        return found


@cache
def load_catalogue() -> Catalogue:
    """All texts that are shipped; the file's name is the topic."""
    return Catalogue(TextsByTopic(resources_folder() / "texts"))
