"""Open, enrol and list users through the doors the composition root gives; all on the data thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.files import load_bytes, save_bytes
from desktop.ui.workplace import Workplace
from sync.domain.errors import Damaged, LiandongError
from sync.protocol.limits import MAX_TICKET_BYTES

if TYPE_CHECKING:
    from desktop.services.enrolling import TypedTicket
    from desktop.services.office import Office
    from desktop.services.recovering import Asked
    from sync.protocol.ticket import Ticket

OnError = Callable[[LiandongError], None]


@dataclass(frozen=True, slots=True)
class Doors:
    """How a profile is opened: given by ``desktop.app``, so that screens know no vault."""

    is_enrolled: Callable[[], bool]
    users: Callable[[], tuple[tuple[str, str], ...]]
    """Name and role of everyone who may sign in."""
    open: "Callable[[str, str | None], Office]"
    """(passphrase, user) → Office."""
    enrol: "Callable[[bytes, str, str, str], Office]"
    """(ticket, user, role, passphrase) → Office; speaks to the county."""
    enrol_by_code: "Callable[[TypedTicket, str, str, str], Office]"
    """(code with address, user, role, passphrase) → Office; NeedsPerson while nobody at the county has let it in."""
    enrolment_waits: Callable[[], bool]
    """Whether an enrolment was asked for and not answered yet."""
    carry_out: Callable[[bytes, str, str, str], bytes]
    """(ticket, user, role, passphrase) → the request to carry to the county."""
    carry_in: "Callable[[bytes, bytes, str], Office]"
    """(ticket, the county's answer, passphrase) → Office."""
    recovery_waits: Callable[[], bool]
    """Whether a forgotten passphrase waits for its custodians."""
    ask_recovery: "Callable[[str, str], Asked]"
    """(user, new passphrase) → the request for two custodians and the digits to compare."""
    look_at_backup: "Callable[[Path], tuple[int, tuple[str, ...]]]"
    """(backup) → when it was made (ms UTC), who can open it."""
    restore: "Callable[[Path, str, str | None, Callable[[int, int], None]], Office]"
    """(backup, passphrase, user, progress in bytes) → Office."""
    recover: "Callable[[str, str, bytes, str], Office]"
    """(user, new passphrase, the custodians' answer or nothing, the word they read out or nothing) → Office."""


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first run was told: a ticket's file, or a code ``typed`` with an address."""

    ticket: bytes = field(repr=False)
    user: str
    role: str
    passphrase: str = field(repr=False)
    typed: "TypedTicket | None" = None


@dataclass(frozen=True, slots=True)
class Restoring:
    """A backup to put back, and who signs in with it."""

    source: Path
    passphrase: str
    user: str | None


class UnlockActions:
    """Sign in and first run."""

    def __init__(self, place: Workplace, doors: Doors) -> None:
        self._place, self._doors = place, doors

    @property
    def is_enrolled(self) -> bool:
        """False on the first run."""
        return self._doors.is_enrolled()

    def users(self) -> tuple[tuple[str, str], ...]:
        """Who may sign in here: names and roles."""
        return self._doors.users()

    def open(self, user: str | None, passphrase: str, on_done: Callable[[None], None], on_error: OnError) -> None:
        """Sign in."""
        self._place.tasks.open(lambda: self._doors.open(passphrase, user), close_office, on_done, on_error)

    def enrol(self, told: FirstRun, on_done: Callable[[None], None], on_error: OnError) -> None:
        """Make this machine a device of the unit."""
        doors, who = self._doors, (told.user, told.role, told.passphrase)

        def work() -> "Office":
            return doors.enrol(told.ticket, *who) if told.typed is None else doors.enrol_by_code(told.typed, *who)

        self._place.tasks.open(work, close_office, on_done, on_error)

    @property
    def enrolment_waits(self) -> bool:
        """Whether an enrolment was asked for here and not answered yet."""
        return self._doors.enrolment_waits()

    def carry_out(self, told: FirstRun, path: Path, on_done: Callable[[None], None], on_error: OnError) -> None:
        """Write the request to enrol into a file."""
        doors = self._doors

        def work() -> None:
            save_bytes(path, doors.carry_out(told.ticket, told.user, told.role, told.passphrase))

        self._place.tasks.before_open(work, on_done, on_error)

    def carry_in(
        self, ticket: bytes, path: Path, passphrase: str, on_done: Callable[[None], None], on_error: OnError
    ) -> None:
        """Take the county's answer and sign in."""
        doors = self._doors
        self._place.tasks.open(
            lambda: doors.carry_in(ticket, load_bytes(path), passphrase), close_office, on_done, on_error
        )

    def look_at_backup(
        self, source: Path, on_done: Callable[[tuple[int, tuple[str, ...]]], None], on_error: OnError
    ) -> None:
        """When a backup was made and who can open it."""
        self._place.tasks.before_open(lambda: self._doors.look_at_backup(source), on_done, on_error)

    def restore(
        self,
        told: Restoring,
        on_progress: Callable[[tuple[int, int]], None],
        on_done: Callable[[None], None],
        on_error: OnError,
    ) -> None:
        """Put a backup into this empty profile and sign in."""
        tasks, doors = self._place.tasks, self._doors

        def tell(done: int, whole: int) -> None:
            tasks.post(self._place, on_progress, (done, whole))

        tasks.open(
            lambda: doors.restore(told.source, told.passphrase, told.user, tell), close_office, on_done, on_error
        )

    @property
    def recovery_waits(self) -> bool:
        """Whether a request for the custodians was made and not answered yet."""
        return self._doors.recovery_waits()

    def ask_recovery(
        self, user: str, passphrase: str, path: Path, on_done: "Callable[[Asked], None]", on_error: OnError
    ) -> None:
        """Write the request for the two custodians into a file."""

        def work() -> "Asked":
            asked = self._doors.ask_recovery(user, passphrase)
            save_bytes(path, asked.file)
            return asked

        self._place.tasks.before_open(work, on_done, on_error)

    def recover(
        self,
        user: str,
        passphrase: str,
        source: Path | str,
        on_done: Callable[[None], None],
        on_error: OnError,
    ) -> None:
        """Sign in with the custodians' answer (a file) or the word they read out (a text)."""

        from sync.protocol.recovery import MAX_FILE_BYTES

        def work() -> "Office":
            if isinstance(source, str):
                return self._doors.recover(user, passphrase, b"", source)
            return self._doors.recover(user, passphrase, load_bytes(source, MAX_FILE_BYTES), "")

        self._place.tasks.open(work, close_office, on_done, on_error)


def read_ticket(path: Path) -> "tuple[bytes, Ticket]":
    """The bytes of a ticket file and what they say. Raises LiandongError (``unlock.no_file``, ``ticket.*``)."""
    from sync.protocol.ticket import decode_ticket

    try:
        with path.open("rb") as file:
            data = file.read(MAX_TICKET_BYTES + 1)
    except OSError:
        raise Damaged("unlock.no_file", file=path.name) from None
    return data, decode_ticket(data)


def close_office(office: "Office") -> None:
    """Close store and vault; the keys are gone."""
    office.close()
