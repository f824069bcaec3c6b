"""The catalogue: both languages, equal gaps, every key the code names exists, every key is used."""

import ast
import re
import string
from functools import cache

from sync.domain.records import KINDS
from sync.shipped.texts import load_catalogue
from tests.house.tree import modules

KEY = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9_.]+")
SAYING = {"say", "text", "tr", "t"}
"""Functions whose first argument is a text key."""


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def texts() -> dict[str, dict[str, str]]:
    return {key: dict(pair) for key, pair in load_catalogue().texts.items()}


@cache
def error_names() -> frozenset[str]:
    """Names of all subclasses of LiandongError in the product."""
    names = {"LiandongError"}
    classes = [node for m in modules() if m.is_product for node in ast.walk(m.tree) if isinstance(node, ast.ClassDef)]
    while True:
        more = {c.name for c in classes if any(isinstance(b, ast.Name) and b.id in names for b in c.bases)} - names
        if not more:
            return frozenset(names)
        names |= more


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


@cache
def named_keys() -> dict[str, str]:
    """Text keys that the code names for certain: first arguments of errors and of what says texts; key → place."""
    found = {}
    for module in (m for m in modules() if m.is_product):
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or called(node) not in error_names() | SAYING or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and KEY.fullmatch(first.value):
                found[first.value] = f"{module.name}:{node.lineno}"
    return found


@cache
def strings() -> tuple[frozenset[str], frozenset[str]]:
    """All string constants of the product, and the leading parts of its f-strings."""
    whole, leading = set(), set()
    for module in (m for m in modules() if m.is_product):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                leading.add(str(node.values[0].value))
    return frozenset(whole), frozenset(leading)


def test_every_text_has_both_languages() -> None:
    assert [key for key, pair in texts().items() if set(pair) != {"zh", "en"} or not all(pair.values())] == []


def test_both_languages_have_the_same_gaps() -> None:
    assert [key for key, pair in texts().items() if gaps(pair["zh"]) != gaps(pair["en"])] == []


def test_every_key_the_code_names_exists() -> None:
    assert {place: key for key, place in named_keys().items() if key not in texts()} == {}


def test_every_key_is_used() -> None:
    whole, leading = strings()
    prefixes = tuple(part for part in leading if "." in part)
    unused = [key for key in texts() if key not in whole and not key.startswith(prefixes) and not of_screen(key, whole)]
    assert unused == []


def of_screen(key: str, whole: frozenset[str]) -> bool:
    """Whether a screen says it: screens name their topic once and their texts by the part behind it."""
    topic, _, name = key.partition(".")
    return topic in whole and (name in whole or f".{name}" in whole)


def test_every_kind_of_record_has_a_name() -> None:
    assert {kind for kind in KINDS if f"kinds.{kind}" not in texts()} == set()


def test_chinese_texts_have_full_width_punctuation() -> None:
    half = re.compile("[\u3400-\u9fff][,;:?!]|[,;:?!][\u3400-\u9fff]")
    assert {key: said["zh"] for key, said in texts().items() if half.search(said["zh"])} == {}


def test_english_texts_are_english() -> None:
    chinese = re.compile("[\u4e00-\u9fff]{3,}")
    assert [key for key, pair in texts().items() if chinese.search(pair["en"].replace("联动办信", ""))] == []
