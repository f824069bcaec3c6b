"""Composition root: the one place that builds and joins everything.

Until the unlock screen is painted nothing of store, vault, services and forms is needed, and nothing of it imported:
what opens a profile (``desktop.opening``) comes when it is first asked for.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.clock import Clock, now_in_ms
from desktop.paths import ProfilePaths
from sync.domain.errors import LiandongError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from desktop.opening import ask_recovery as ask_recovery  # noqa: PLC0414 - given out here
    from desktop.opening import enrol as enrol  # noqa: PLC0414
    from desktop.opening import enrol_by_code as enrol_by_code  # noqa: PLC0414
    from desktop.opening import enrol_carry_in as enrol_carry_in  # noqa: PLC0414
    from desktop.opening import enrol_carry_out as enrol_carry_out  # noqa: PLC0414
    from desktop.opening import open_office as open_office  # noqa: PLC0414
    from desktop.opening import recover_office as recover_office  # noqa: PLC0414
    from desktop.opening import restore_office as restore_office  # noqa: PLC0414
    from desktop.ui.unlock.actions import Doors

OPENING = frozenset(
    {
        "ask_recovery",
        "enrol",
        "enrol_by_code",
        "enrol_carry_in",
        "enrol_carry_out",
        "open_office",
        "recover_office",
        "restore_office",
    }
)
"""What opens a profile; each is a name of this module too."""


def __getattr__(name: str) -> Any:
    if name not in OPENING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from desktop import opening

    return getattr(opening, name)


def open_window(
    profile: Path, passphrase: str | None = None, user: str | None = None, clock: Clock = now_in_ms
) -> "QMainWindow":
    """The window on a profile, not yet shown. Without a passphrase it asks for one, or begins the first run.

    A QApplication must exist. Closing the window closes the store and ends its threads. Raises as ``open_office``.
    """
    from desktop.ui.immortal import keep_constants_alive
    from desktop.ui.window import MainWindow
    from desktop.ui.workplace import Workplace

    keep_constants_alive()
    window = MainWindow(Workplace(ProfilePaths(profile).settings), _doors(profile, clock))
    if passphrase is None:
        window.show_unlock()
        return window
    from desktop.opening import open_office

    try:
        window.open_now(lambda: open_office(profile, passphrase, user, clock))
    except LiandongError:
        window.close()
        raise
    return window


def run_window(profile: Path | None, passphrase: str | None = None, user: str | None = None) -> int:
    """Show the window until it is closed; without ``profile`` the user's own folder. Returns the exit code."""
    from platformdirs import user_data_path
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    window = open_window(profile or user_data_path("liandong", appauthor=False), passphrase, user)
    window.show()
    return application.exec()


def _doors(profile: Path, clock: Clock) -> "Doors":
    """The ways into a profile, for the unlock screen; each is imported when it is taken."""
    from desktop.security.vault_file import vault_users
    from desktop.ui.unlock.actions import Doors

    def opening() -> Any:
        from desktop import opening

        return opening

    paths = ProfilePaths(profile)
    return Doors(
        is_enrolled=paths.vault.exists,
        users=lambda: tuple((one.user, one.role) for one in vault_users(paths)),
        open=lambda secret, name: opening().open_office(profile, secret, name, clock),
        enrol=lambda ticket, name, role, secret: opening().enrol(profile, ticket, name, role, secret, clock=clock),
        enrol_by_code=lambda told, name, role, secret: opening().enrol_by_code(
            profile, told, name, role, secret, clock=clock
        ),
        enrolment_waits=paths.pending_enrolment.exists,
        carry_out=lambda ticket, name, role, secret: opening().enrol_carry_out(
            profile, ticket, name, role, secret, clock=clock
        ),
        carry_in=lambda ticket, answer, secret: opening().enrol_carry_in(profile, ticket, answer, secret, clock),
        look_at_backup=lambda source: opening().look_at_backup(source),
        restore=lambda source, secret, name, progress: opening().restore_office(
            profile, source, secret, name, clock=clock, progress=progress
        ),
        recovery_waits=paths.pending_recovery.exists,
        ask_recovery=lambda name, secret: opening().ask_recovery(profile, name, secret, clock=clock),
        recover=lambda name, secret, answer, word: opening().recover_office(
            profile, name, secret, answer=answer, word=word, clock=clock
        ),
    )
