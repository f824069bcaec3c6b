"""Pictures of every page and dialog at every size, theme and language: ``python -m tests.ui.pictures --out DIR``.

A look is ``zh-light-100``; all are made where none is named. The profiles are made for it, with awkward content.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea, QWidget

from desktop.app import open_window
from desktop.services.enrolling import TypedTicket
from desktop.services.problem_shapes import Problems
from desktop.ui.cases.list_view import SEARCH_PAUSE_MILLISECONDS
from desktop.ui.correcting.subject import NEW, Subject
from desktop.ui.help_page.pages import HelpDialog
from desktop.ui.loop.desk import LETTERS
from desktop.ui.reasons import ReasonPicker
from desktop.ui.unlock.actions import FirstRun
from desktop.ui.window import MainWindow
from sync.domain.errors import NeedsPerson
from tests.services.offices import PASSPHRASE
from tests.ui.picture_samples import BATCHES, HELD, PROBLEMS, TOWNS, VISIT, WAITING, WALK_IN
from tests.ui.sample_profiles import LONG_TITLE, county_profile, fresh_profile, town_profile

LOOKS = (
    "zh-light-100",
    "en-light-100",
    "en-dark-150",
    "zh-dark-100",
    "zh-light-150",
    "en-light-150",
    "zh-light-175",
    "zh-light-100-small",
)
SIZES = {"": (1366, 768), "small": (1093, 560)}
LONGEST_MILLISECONDS, PAINT_MILLISECONDS = 15_000, 150


def settle(window: MainWindow) -> None:
    """Let the answers of the data thread come in and the window paint itself."""
    longest, painted = QDeadlineTimer(LONGEST_MILLISECONDS), QDeadlineTimer(PAINT_MILLISECONDS)
    while not longest.hasExpired() and not painted.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if not window.place.tasks.is_idle:
            painted.setRemainingTime(PAINT_MILLISECONDS)
    for _ in range(3):
        QApplication.processEvents()


def first_id(window: MainWindow, kind: str) -> str:
    """The newest record of a kind."""
    page = window.place.tasks.ask_now(lambda office: office.list_page(kind, limit=1))
    return page.rows[0].id


def scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every screen by name, with what brings it to the front."""
    case, visit = first_id(window, "Case"), first_id(window, "Visit")
    yield "case", partial(window.go, "case", case)
    yield "visit-filled", partial(window.go, "visit", {"visit": visit})
    yield "visit-new", partial(new_visit, window)
    yield "reception-filled", partial(new_walk_in, window)
    yield "reception-foot", partial(end_of, window, "reception", "new")
    yield "sealed", partial(sealed_stub, window)
    yield "case-foot", partial(end_of, window, "case", case)
    yield "visit-foot", partial(end_of, window, "visit", {"visit": visit})
    yield "preview", partial(window.go, "preview", {"form": "visit_record", "id": visit, "back": "visit"})
    for view in ("calendar", "coverage", "list"):
        yield f"visit-{view}", partial(visits, window, view)
    for name in window.screens:
        if name not in ("case", "visit", "preview", "county", "viewer"):
            yield name, partial(window.go, name)
    for number, name in enumerate(("viewer", "viewer-pdf")):
        yield name, partial(look_at, window, case, number)
    yield "exchange-problems", partial(troubled_exchange, window)
    yield "exchange-code", partial(anew_by_code, window)
    yield "exchange-waits", partial(waiting_anew, window)
    yield "visit-restored", partial(restored_visit, window, visit)
    yield "today-drafts", partial(window.go, "today")
    yield "settings-end", partial(end_of, window, "settings")
    yield "cases-nothing", partial(find_nothing, window)


def dialogs(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every dialog by name, with what opens it."""
    case = first_id(window, "Case")
    screen = window.screen_of("case")
    yield "identity", screen.ask_identity
    yield "correct", screen._correct
    yield "void", screen._void
    yield "correct-restored", partial(restored, window, case)
    people, papers = screen.view.shown["accused"], screen.view.papers
    subjects = [Subject("Complainant", NEW, case), Subject("Accused", NEW, case)]
    subjects += [Subject("Accused", one["id"], case) for one in people[:1]]
    subjects += [Subject(row.kind, row.id, case) for row in papers]
    for subject in subjects:
        yield subject.name.replace("_", "-"), partial(correction, window, subject)
    for kind in ("Interview", "ReturnVisit", "Rating"):
        yield kind.lower(), partial(screen.loop.record, kind, {"case": case})
    for form in LETTERS:
        yield form, partial(screen.loop.write, form, case)
    for offer in screen.view.offers:
        if offer.allowed:
            yield f"step-{offer.step}", partial(screen.ask_step, offer)
    yield "passphrase", partial(window.screen_of("settings").users_card._ask_renewal, "李芳")


def restored(window: MainWindow, case: str) -> None:
    """A dialog that gives back what was typed before."""
    body = {"values": {"content": LONG_TITLE[:80]}}
    window.place.tasks.ask_now(lambda office: office.save_draft("case", f"correct:{case}", body, dossier=case))
    window.screen_of("case")._correct()


def correction(window: MainWindow, subject: Subject) -> None:
    """The dialog of a correction; an identity is opened first."""
    screen = window.screen_of("case")
    screen.corrections.ask(subject)
    settle(window)
    if isinstance(screen.corrections.form, ReasonPicker):
        screen.corrections.form.go.click()


def restored_visit(window: MainWindow, visit: str) -> None:
    """A visit with the line that tells what came back."""
    body = {"changes": {"background": LONG_TITLE[:80]}}
    window.place.tasks.ask_now(lambda office: office.save_draft("visit", visit, body, dossier=visit))
    window.go("visit", {"visit": visit})
    settle(window)


def waiting_anew(window: MainWindow) -> None:
    """A computer that is enrolled anew by code and waits to be let in."""
    window.go("exchange")
    settle(window)
    card = window.screen_of("exchange").reenrol
    card.show_reason("copied")
    card.way.choose("CODE")
    card._waits(TypedTicket("", ""), NeedsPerson("ticket.waiting", comparison="1234 5678 9012 3456 7890"))


def anew_by_code(window: MainWindow) -> None:
    """The same before the county was asked."""
    window.go("exchange")
    settle(window)
    card = window.screen_of("exchange").reenrol
    card.show_reason("copied")
    card.way.choose("CODE")


def troubled_exchange(window: MainWindow) -> None:
    """Problems of each kind, a written stick, a computer to be enrolled anew."""
    window.go("exchange")
    settle(window)
    screen = window.screen_of("exchange")
    with tempfile.TemporaryDirectory() as stick:
        screen.write_file(Path(stick) / "联动办信-2026-11-28.ldx")
        settle(window)
    screen.problems.show_problems(PROBLEMS, held=2)
    screen.reenrol.show_reason("copied")


def end_of(window: MainWindow, name: str, argument: Any = None) -> None:
    """A page scrolled to its foot."""
    window.go(name, argument)
    settle(window)
    for scroll in window.screen_of(name).findChildren(QScrollArea):
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())


def look_at(window: MainWindow, case: str, number: int) -> None:
    """A file attached to a case, opened by its button."""
    window.go("case", case)
    settle(window)
    for button in window.findChildren(QPushButton, f"case.view_attachment_{number}"):
        button.click()


def find_nothing(window: MainWindow) -> None:
    """A search without hits."""
    window.go("cases", "search")
    settle(window)
    for line in window.screen_of("cases").findChildren(QLineEdit, "cases.search"):
        line.setText("没有这样的事项")
    pause = QDeadlineTimer(SEARCH_PAUSE_MILLISECONDS + PAINT_MILLISECONDS)
    while not pause.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def visits(window: MainWindow, view: str) -> None:
    """One of the three views of the visits."""
    screen = window.screen_of("visit")
    screen.back()
    window.go("visit")
    screen.overview.view.choose(view)


def new_visit(window: MainWindow) -> None:
    """A visit being typed."""
    window.go("visit", "new")
    window.screen_of("visit").editor.show_visit(VISIT)


def new_walk_in(window: MainWindow) -> None:
    """A walk-in being typed."""
    window.go("reception", "new")
    window.screen_of("reception").entry.fill(WALK_IN)


def sealed_stub(window: MainWindow) -> None:
    """The sealed stub."""
    window.go("reception", "new")
    window.screen_of("reception").seal()
    settle(window)


def shape(window: MainWindow, look: str) -> None:
    """Put a look on."""
    language, theme, size, *small = look.split("-")
    window.place.change_settings(language=language, theme=theme, text_size=int(size))
    window.resize(*SIZES[small[0] if small else ""])


def take(window: MainWindow, look: str, out: Path) -> None:
    """All screens and dialogs in one look; says which would scroll sideways."""
    shape(window, look)
    for name, bring in scenes(window):
        bring()
        picture(window, window, out / f"{look}-{name}.png")
    window.go("case", first_id(window, "Case"))
    settle(window)
    for name, bring in dialogs(window):
        bring()
        settle(window)
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            picture(window, dialog, out / f"{look}-dialog-{name}.png")
            dialog.close()


def picture(window: MainWindow, widget: QWidget, target: Path) -> None:
    """One picture, once everything has come; tells what is wider than its place."""
    settle(window)
    widget.grab().save(str(target))
    wide, high = window.width(), window.height()
    if widget.width() > wide or widget.height() > high:
        print(f"{target.stem}: {widget.width()} × {widget.height()} is larger than {wide} × {high}")
    for scroll in widget.findChildren(QScrollArea):
        bar = scroll.horizontalScrollBar()
        if scroll.isVisible() and bar.maximum() > 0:
            print(f"{target.stem}: sideways by {bar.maximum()}")


def county_pages(folder: Path, look: str, out: Path) -> None:
    """The county's desk with towns, sticks and what waits."""
    window = _window(folder, PASSPHRASE)
    shape(window, look)
    window.go("county")
    settle(window)
    screen = window.screen_of("county")
    screen._taken(BATCHES)
    settle(window)
    screen._show_towns(TOWNS)
    screen.devices.show_devices(WAITING)
    screen.held.show_held(HELD)
    screen._show_problems(Problems(PROBLEMS.conflicts, PROBLEMS.apart, ()))
    picture(window, window, out / f"{look}-county.png")
    screen.scroller.ensureWidgetVisible(screen.held)
    picture(window, window, out / f"{look}-county-held.png")
    screen.held._ask(HELD.held[0])
    settle(window)
    if screen.held.form is not None:
        picture(window, screen.held.form, out / f"{look}-dialog-let-go.png")
        screen.held.form.close()
    end_of_scroll = screen.scroller.verticalScrollBar()
    end_of_scroll.setValue(end_of_scroll.maximum())
    picture(window, window, out / f"{look}-county-end.png")
    window.close()


def empty_pages(folder: Path, look: str, out: Path) -> None:
    """What the first day shows."""
    window = _window(folder, PASSPHRASE)
    shape(window, look)
    for name in ("today", "visit", "reception", "cases", "exchange"):
        window.go(name)
        picture(window, window, out / f"{look}-empty-{name}.png")
    visits(window, "coverage")
    picture(window, window, out / f"{look}-empty-coverage.png")
    window.close()


def doors(profile: Path, empty: Path, look: str, out: Path) -> None:
    """Sign-in, a forgotten passphrase, the first run."""
    for name, folder in (("unlock", profile), ("first-run", empty)):
        window = _window(folder)
        shape(window, look)
        picture(window, window, out / f"{look}-{name}.png")
        if name == "unlock":
            window.unlock_page.begin_recovery()
            window.unlock_page.recover.sheet.show_code("1234 5678 9012 3456 7890", user="张明", file="a")
            picture(window, window, out / f"{look}-recover.png")
            explained = HelpDialog(window.place, window, "custodians")
            explained.open()
            picture(window, explained, out / f"{look}-custodians.png")
            explained.close()
        else:
            _typed_code(window)
            picture(window, window, out / f"{look}-first-run-code.png")
            told = FirstRun(b"", "张明", "TOWN_CDI", PASSPHRASE)
            window.unlock_page.first_run._wait(told, "1234 5678 9012 3456 7890")
            picture(window, window, out / f"{look}-first-run-waits.png")
            window.unlock_page.begin_restore()
            picture(window, window, out / f"{look}-first-run-restore.png")
        window.close()


def _typed_code(window: MainWindow) -> None:
    """The first run by a typed code."""
    form = window.unlock_page.first_run
    form.way.choose("CODE")
    form.typed.address.setText("10.1.2.3:8443")
    form.typed.code.setText("7K3M-9QWX-0D2B-6ZTR-VH5N-8PYA-4C1E-GJSF-RQ")
    form.user_name.setText("张明")


def _window(profile: Path, passphrase: str | None = None) -> MainWindow:
    window = open_window(profile, passphrase, "张明" if passphrase else None)
    assert isinstance(window, MainWindow)
    window.show()
    settle(window)
    return window


def main(out: Path, looks: tuple[str, ...]) -> None:
    """Every look asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication([])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        town, county = town_profile(Path(scratch) / "town"), county_profile(Path(scratch) / "county")
        fresh = fresh_profile(Path(scratch) / "fresh")
        for look in looks or LOOKS:
            window = _window(town, PASSPHRASE)
            take(window, look, out)
            window.close()
            county_pages(county, look, out)
            empty_pages(fresh, look, out)
            doors(town, Path(scratch) / "nothing", look, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.ui.pictures")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("looks", nargs="*", metavar="LOOK", help=f"of {', '.join(LOOKS)}")
    asked = parser.parse_args()
    main(asked.out, tuple(asked.looks))
