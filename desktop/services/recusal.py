"""Recusal: who is complained about does not learn that the case exists, and that he was kept out is logged."""

from contextlib import suppress

from desktop.services.accounts import note
from desktop.services.desk import Desk
from sync.domain.errors import LiandongError
from sync.domain.records import AccountEntry

ACT = "RECUSED"


def log_recusals(desk: Desk) -> None:
    """One line of the access log for each case hidden from the user; written once. A full disk hides them as well."""
    hidden = desk.recused_cases()
    if not hidden:
        return
    lines = [one.record for one in desk.store.reading.find("AccountEntry", "subject", desk.user)]
    logged = {line.case for line in lines if isinstance(line, AccountEntry) and line.act == ACT}
    fresh = sorted(hidden - logged)
    now = desk.clock()
    with suppress(LiandongError):
        if fresh:
            with desk.work(now) as work:
                for case in fresh:
                    note(desk, work, now, ACT, subject=desk.user, case=case)
