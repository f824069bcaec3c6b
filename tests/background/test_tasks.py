"""Work is serialised on the data thread, results come back to the window's, expected troubles are told apart."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.background.tasks import Tasks
from desktop.ui.immortal import keep_constants_alive
from sync.domain.errors import LiandongError, Refused

keep_constants_alive()


class Book:
    """Something one thread owns."""

    def __init__(self) -> None:
        self.owner = threading.get_ident()
        self.closed_on = 0

    def here(self) -> bool:
        return threading.get_ident() == self.owner

    def close(self) -> None:
        self.closed_on = threading.get_ident()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks[Book]]:
    made: Tasks[Book] = Tasks()
    made.open_now(Book, Book.close)
    yield made
    made.shut_down()


def wait(qtbot: QtBot, tasks: Tasks[Book]) -> None:
    qtbot.waitUntil(lambda: tasks.is_idle, timeout=5000)


def test_work_runs_where_the_subject_was_made_and_answers_here(tasks: Tasks[Book], qtbot: QtBot) -> None:
    answers: list[tuple[bool, int]] = []
    tasks.read(lambda book: book.here(), lambda on_data: answers.append((on_data, threading.get_ident())))
    wait(qtbot, tasks)
    assert answers == [(True, threading.get_ident())]


def test_a_refusal_goes_to_its_slot(tasks: Tasks[Book], qtbot: QtBot) -> None:
    troubles: list[LiandongError] = []

    def refuse(_: Book) -> None:
        raise Refused("ui.locked_meanwhile")

    tasks.read(refuse, lambda _: pytest.fail("done"), troubles.append)
    wait(qtbot, tasks)
    assert [error.code for error in troubles] == ["ui.locked_meanwhile"]


def test_a_write_tells_what_it_touched_after_its_slot(tasks: Tasks[Book], qtbot: QtBot) -> None:
    order: list[object] = []
    tasks.changed.connect(order.append)
    tasks.write(lambda _: "saved", order.append, kinds=("Case",))
    wait(qtbot, tasks)
    assert order == ["saved", frozenset({"Case"})]


def test_a_later_look_up_replaces_an_earlier_one(tasks: Tasks[Book], qtbot: QtBot) -> None:
    gate, seen = threading.Event(), list[str]()
    tasks.read(lambda _: gate.wait(5), lambda _: None)
    for text in ("l", "lt", "ltj"):
        tasks.read(lambda _, text=text: text, seen.append, key="places")  # type: ignore[misc]
    gate.set()
    wait(qtbot, tasks)
    assert seen == ["ltj"]


def test_locking_lets_writes_end_and_drops_reads(tasks: Tasks[Book], qtbot: QtBot) -> None:
    gate, done = threading.Event(), list[str]()
    tasks.read(lambda _: gate.wait(5), lambda _: None)
    tasks.write(lambda _: done.append("written"), lambda _: None)
    tasks.read(lambda _: done.append("read"), lambda _: None)
    opener = threading.Timer(0.3, gate.set)
    opener.start()
    tasks.close_subject()
    opener.join()
    wait(qtbot, tasks)
    assert done == ["written"]


def test_network_work_borrows_the_data_thread(tasks: Tasks[Book], qtbot: QtBot) -> None:
    seen: list[tuple[bool, bool]] = []
    tasks.network(lambda book: (book.here(), tasks.on_data_thread(book.here)), seen.append, lambda _: None)
    wait(qtbot, tasks)
    assert seen == [(False, True)]


def test_long_work_aside_leaves_the_data_thread_free_and_ends_when_the_subject_closes(
    tasks: Tasks[Book], qtbot: QtBot
) -> None:
    began, seen = threading.Event(), list[bool]()

    def long_work(book: Book, stop: Callable[[], bool]) -> None:
        began.set()
        while not stop():
            seen.append(tasks.on_data_thread(book.here))

    tasks.aside(long_work, lambda _: None)
    assert began.wait(5)
    assert tasks.ask_now(lambda book: book.here())
    tasks.close_subject()
    wait(qtbot, tasks)
    assert set(seen) <= {True} and not tasks.is_open
