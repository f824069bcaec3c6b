"""The page of help speaks the language of the verbs, argparse's own words included."""

import pytest

from desktop.cli.main import build_parser
from desktop.cli.main import main as liandong
from sync.server.cli import main


@pytest.mark.parametrize(("language", "words"), [("zh", ("用法", "选项")), ("en", ("usage: ", "options:"))])
def test_headings_are_in_the_language_in_force(
    language: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIANDONG_LANG", language)
    with pytest.raises(SystemExit):
        main(["ticket", "--help"])
    for page in (build_parser().format_help(), capsys.readouterr().out):
        assert all(word in page for word in words)
        assert ("usage" in page) is (language == "en")


COMPLAINTS = [
    (["bogus"], "'bogus'"),
    (["due"], "RULE"),
    (["print", "--count", "x"], "--count"),
    (["list", "Case", "--x"], "--x"),
    (["recover", "ask", "--new-passphrase-file", "p", "--in", "a", "--word-file", "b"], "--word-file"),
    (["list", "Case", "--json=3"], "--json"),
    (["list", "Case", "--user"], "--user"),
]


@pytest.mark.parametrize(("words", "named"), COMPLAINTS)
def test_complaints_about_the_words_are_in_the_language_in_force(
    words: list[str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIANDONG_LANG", "zh")
    assert liandong(words) == 2
    chinese = capsys.readouterr().err
    assert chinese.count("\n") == 1 and named in chinese
    for english in ("argument", "invalid", "expected", "required", "unrecognized", "ignored", "choose"):
        assert english not in chinese
    monkeypatch.setenv("LIANDONG_LANG", "en")
    assert liandong(words) == 2
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["accept"], ["ticket", "--home", "h", "--expires", "x"], ["publish", "x"]])
def test_the_county_complains_in_chinese_too(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIANDONG_LANG", "zh")
    assert main(words) == 2
    chinese = capsys.readouterr().err
    assert chinese.count("\n") == 1 and not any(word in chinese for word in ("argument", "required", "invalid"))
