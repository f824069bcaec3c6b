"""F1 opens the page of the screen in front; every topic is in the list; back leads where one came from."""

from desktop.ui.help_page.view import TOPICS
from sync.shipped.places import resources_folder
from tests.ui.conftest import Person


def test_every_page_of_the_help_is_a_topic_in_both_languages() -> None:
    for language in ("zh", "en"):
        pages = list((resources_folder() / "help" / language).glob("*.md"))
        assert {path.stem for path in pages} == set(TOPICS)
        assert all(path.read_text(encoding="utf-8").startswith("# ") for path in pages)


def test_help_shows_the_page_asked_for_and_any_other_topic(person: Person) -> None:
    person.go("visit")
    person.go("help", "visit")
    screen = person.window.screen_of("help")
    shown = [screen.topics.item(row).text() for row in range(screen.topics.count())]
    assert shown[screen.topics.currentRow()] == "走访"
    assert "县级工作台" not in shown
    screen.topics.setCurrentRow(0)
    assert "联网" in screen.browser.toPlainText()
    screen.back()
    assert shown[screen.topics.currentRow()] == "走访"
    screen.back()
    assert person.window.current == "visit"
