"""The page of help speaks the language of the verbs, argparse's own words included."""

import pytest

from desktop.cli.main import build_parser
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
