"""Pictures of every screen at every size, theme and language, to be looked at: ``python -m tests.ui.gallery``.

``PROFILE PASSPHRASE_FILE OUT [LOOK…]``: the profile is used as it is (give a copy); a look is ``zh-light-100``.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QScrollArea

from desktop.app import open_window
from desktop.ui.window import MainWindow

LOOKS = (
    "zh-light-100",
    "en-light-100",
    "zh-dark-100",
    "zh-light-150",
    "en-light-150",
    "zh-light-175",
    "zh-light-100-small",
)
SIZES = {"": (1366, 768), "small": (1093, 560)}
LONGEST_MILLISECONDS, PAINT_MILLISECONDS = 15_000, 150
VISIT = {
    "village": "431021102205",
    "visitors": ["张明", "李芳"],
    "summary": "查看村务公开栏,核对补贴名册。",
    "households": [{"name": "陈建国", "age": 56, "address": "3组12号", "note": "反映水渠漏水"}],
    "findings": [{"text": "鱼塘承包款未入账", "outcome": "FOLLOW", "problem_tag": "SANZI", "due": "2026-12-01"}],
}
WALK_IN = {
    "people": 1,
    "title": "反映村道路硬化资金未公示",
    "content": "昭金村2025年道路硬化项目资金使用情况至今未在村务公开栏公示,多次询问未得到答复。",
    "claim": "公示项目账目",
    "complainant": {"identity": "REAL", "name": "王秀英", "phone": "13900000812"},
    "accused": [{"managed_by": "VILLAGE", "name": "李某某", "unit": "昭金村村委会", "post": "主任"}],
}


def settle(window: MainWindow) -> None:
    """Let the answers of the data thread come in and the window paint itself."""
    longest, painted = QDeadlineTimer(LONGEST_MILLISECONDS), QDeadlineTimer(PAINT_MILLISECONDS)
    while not longest.hasExpired() and not painted.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if not window.place.tasks.is_idle:
            painted.setRemainingTime(PAINT_MILLISECONDS)


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
    yield "sealed", partial(sealed_stub, window)
    yield "preview", partial(window.go, "preview", {"form": "visit_record", "id": visit, "back": "visit"})
    for view in ("calendar", "coverage", "list"):
        yield f"visit-{view}", partial(visits, window, view)
    for name in window.screens:
        if name not in ("case", "visit", "preview"):
            yield name, partial(window.go, name)


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


def take(window: MainWindow, look: str, out: Path) -> None:
    """All screens in one look; says which would scroll sideways."""
    language, theme, size, *small = look.split("-")
    window.place.change_settings(language=language, theme=theme, text_size=int(size))
    window.resize(*SIZES[small[0] if small else ""])
    for name, bring in scenes(window):
        bring()
        settle(window)
        window.grab().save(str(out / f"{look}-{name}.png"))
        for scroll in window.findChildren(QScrollArea):
            bar = scroll.horizontalScrollBar()
            if scroll.isVisible() and bar.maximum() > 0:
                print(f"{look} {name}: sideways by {bar.maximum()}")


def main(profile: Path, passphrase: str, out: Path, looks: tuple[str, ...]) -> None:
    """Every look asked for."""
    QApplication([])
    out.mkdir(parents=True, exist_ok=True)
    window = open_window(profile, passphrase)
    assert isinstance(window, MainWindow)
    window.show()
    for look in looks or LOOKS:
        take(window, look, out)
    window.place.change_settings(language="zh", theme="light", text_size=100)
    window.resize(*SIZES[""])
    window.lock()
    settle(window)
    window.grab().save(str(out / "unlock.png"))
    window.close()
    fresh = open_window(profile / "nothing-here")
    assert isinstance(fresh, MainWindow)
    fresh.show()
    settle(fresh)
    fresh.grab().save(str(out / "first-run.png"))
    fresh.close()


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()[0],
        Path(sys.argv[3]),
        tuple(sys.argv[4:]),
    )
