"""The half of an office that keeps the profile itself: its users, backups, device and keys."""

from pathlib import Path
from typing import Any

from desktop.services import accounts, backups, keeping, reenrolling, unit_keys
from desktop.services.accounts import AccountLine
from desktop.services.backups import BackupsView, Drilled
from desktop.services.borrowing import Borrow, at_once
from desktop.services.desk import Desk
from desktop.services.enrolling import TypedTicket
from desktop.services.recovering import Asked
from desktop.services.shapes import UserRow
from desktop.services.unit_keys import Given, UnitKeyState
from desktop.storage.store import Stop, never


class Housekeeping:
    """Use cases about the profile. Every method raises subclasses of LiandongError only."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # Users -----------------------------------------------------------------------------------------------------------

    def users(self) -> list[UserRow]:
        """Everyone who can open this profile."""
        return accounts.users(self._desk)

    def roles_to_give(self) -> tuple[str, ...]:
        """Roles the reader may give a colleague; none where he may not manage users."""
        return accounts.roles_to_give(self._desk)

    def add_user(self, name: str, role: str, passphrase: str) -> None:
        """Give a colleague a slot."""
        accounts.add_user(self._desk, name, role, passphrase)

    def disable_user(self, name: str) -> None:
        """Take a colleague's slot away."""
        accounts.disable_user(self._desk, name)

    def change_passphrase(self, name: str | None, passphrase: str) -> None:
        """One's own passphrase, or a colleague's."""
        accounts.change_passphrase(self._desk, name, passphrase)

    def account_log(self, limit: int = 20) -> tuple[AccountLine, ...]:
        """What happened to users and keys here, the newest first, as far as the reader may see it."""
        return accounts.account_log(self._desk, limit)

    # Backups ---------------------------------------------------------------------------------------------------------

    def backup(self, target: Path, stop: Stop = never, borrow: Borrow = at_once) -> int:
        """Copy the profile, still encrypted, into one file; its size in bytes. With ``borrow`` on any thread."""
        return keeping.backup(self._desk, target, stop, borrow)

    def destroy_backup(self, path: Path) -> bool:
        """Delete a backup written by hand where it still lies there, and list it no more; whether it did."""
        return backups.destroy_backup(self._desk, path)

    def back_up_when_due(self, borrow: Borrow = at_once, stop: Stop = never) -> bool:
        """Make the profile's own backup where a day has passed or an older one holds too much; whether it did.

        With ``borrow`` on any thread.
        """
        return keeping.back_up_when_due(self._desk, borrow, stop)

    def prepare_paper(self, stop: Stop = never) -> None:
        """Read programs and fonts of the forms, so that the first print does not wait for them. On any thread."""
        from desktop.services.printing import prepare

        prepare(stop)

    def backups(self) -> BackupsView:
        """The backups kept in the profile, and when the next one is due."""
        return backups.backups(self._desk)

    def check_backup(self, source: Path, stop: Stop = never) -> Drilled:
        """A drill: whether a backup could be put back; nothing changes. On any thread."""
        return backups.check_backup(self._desk, source, stop)

    # Devices ---------------------------------------------------------------------------------------------------------

    def reenrol(self, ticket: bytes, role: str | None = None) -> str:
        """Enrol this device anew over the county's server; its new id."""
        return reenrolling.reenrol(self._desk, ticket, role)

    def reenrol_with_code(self, told: TypedTicket, role: str | None = None) -> str:
        """The same with a code that was typed; at first NeedsPerson ``ticket.waiting`` with digits."""
        return reenrolling.reenrol_with_code(self._desk, told, role)

    def reenrol_carry_out(self, ticket: bytes, role: str | None = None) -> bytes:
        """The request to enrol anew, as a file to carry."""
        return reenrolling.reenrol_carry_out(self._desk, ticket, role)

    def reenrol_carry_in(self, ticket: bytes, answer: bytes) -> str:
        """Take the county's carried answer; the device's new id."""
        return reenrolling.reenrol_carry_in(self._desk, ticket, answer)

    def unit_key_state(self) -> UnitKeyState:
        """Whether this profile and the reader have the unit's identity key."""
        return unit_keys.unit_key_state(self._desk)

    def ask_unit_key(self, custodians: bool = False) -> Asked:
        """Ask for the unit's identity key: a person at another device, or two custodians where all are lost."""
        return unit_keys.ask_custodians(self._desk) if custodians else unit_keys.ask_unit_key(self._desk)

    def give_unit_key(self, request: bytes, code: str) -> Given:
        """Answer another device of the unit after comparing its code."""
        return unit_keys.give_unit_key(self._desk, request, code)

    def take_unit_key(self, answer: bytes) -> None:
        """Take the unit's identity key."""
        unit_keys.take_unit_key(self._desk, answer)

    def verify(self, stop: Stop = never) -> dict[str, Any]:
        """Recompute the digest from the rows and check the store. On any thread."""
        return keeping.verify(self._desk, stop)
