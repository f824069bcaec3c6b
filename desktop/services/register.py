"""The register of letters: one for each organ and year, gapless, a number given only when a letter is issued (签发).

It lies on ONE device of the organ: the first that joined the county. The county gives the number block ``A`` of a unit
to one device only, so two devices never both think they keep the register, and none has to ask anybody first, in a
village without a network no more than at the desk. Any other device is refused. Where that device is lost, the county
shuts it out and names another; a person there says which number was the last on paper, and what the county never got
is entered from the paper, so that no number is given twice and none is left out. The register goes with the profile: a
device that is enrolled anew after a restore keeps it; until then, while its books may be older than the paper that is
out, it is refused too. A serial is the highest so far plus one, drawn in the transaction that writes the letter's
print, so a letter that could not be printed uses up none; a void letter stays in the register with its number.
"""

from collections.abc import Iterable
from typing import Any

from desktop.services.accounts import note
from desktop.services.desk import Desk
from desktop.services.permissions import require_recording
from desktop.services.recording import Scribe
from desktop.settings import load_settings
from sync.domain.errors import InvalidInput, NotAllowed, Refused
from sync.domain.loop_records import DocumentNumber
from sync.domain.records import Stored

FROM_PAPER = "据纸质件补登"
"""Title of a line whose letter only the lost device knew."""
MOST_FROM_PAPER = 500
_TAKEN = "register_taken"


def document_text(record: DocumentNumber) -> str:
    """The number as it is printed: ``仁信〔2026〕3号``."""
    return f"{record.mark}〔{record.year}〕{record.serial}号"


def require_register(desk: Desk) -> None:
    """Refuse a device that does not keep its unit's register (``letters.no_register``, ``letters.provisional``)."""
    if desk.store.books.restored:
        raise NotAllowed("letters.provisional")
    if not desk.store.keeps_register:
        raise NotAllowed("letters.no_register")
    if not _is_taken(desk):
        raise NotAllowed("letters.take_first")


def register_state(desk: Desk) -> dict[str, Any]:
    """``{"keeps", "taken", "year", "last"}``: whether letters are numbered here, and the last serial of the year."""
    year = desk.year(desk.clock())
    keeps = desk.store.keeps_register
    return {"keeps": keeps, "taken": keeps and _is_taken(desk), "year": year, "last": _last(desk, year)}


def take_register(desk: Desk, last: int) -> dict[str, Any]:
    """Take over the register the county named this device for; ``last`` is the year's last serial on paper (0 = none).

    Serials the county never got are entered as taken from the paper. Raises NotAllowed ``letters.no_register``,
    Refused ``letters.register_is_here``, InvalidInput for a ``last`` below what is known or far above it.
    """
    require_recording(desk.reader)
    if not desk.store.keeps_register:
        raise NotAllowed("letters.no_register")
    keeper = desk.store.register_keeper
    if keeper is None or _is_taken(desk):
        raise Refused("letters.register_is_here")
    now = desk.clock()
    year = desk.year(now)
    known = _last(desk, year)
    if not known <= last <= known + MOST_FROM_PAPER:
        raise InvalidInput("record.out_of_range", field="last", low=known, high=known + MOST_FROM_PAPER)
    mark = load_settings(desk.paths.settings, desk.user).document_mark
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        for serial in range(known + 1, last + 1):
            line = DocumentNumber(
                **scribe.common(), mark=mark, year=year, serial=serial, issued_at=now, title=FROM_PAPER
            )
            work.add(line)
        note(desk, work, now, "REGISTER", device=keeper.former)
        desk.store.books.keep(_TAKEN, keeper.id.encode())
    return register_state(desk)


def _is_taken(desk: Desk) -> bool:
    keeper = desk.store.register_keeper
    return keeper is None or (desk.store.books.value(_TAKEN) or b"").decode() == keeper.id


def _last(desk: Desk, year: int) -> int:
    """The highest serial of the unit's letters in a year."""
    unit = desk.store.facts.unit
    sql = "SELECT max(serial) FROM record_document_number WHERE unit = ? AND year = ?"
    row = desk.store.database.one(sql, (unit, year))
    return int(row[0] or 0) if row else 0


def enter(scribe: Scribe, form: str, case: str, paper: dict[str, Any]) -> DocumentNumber:
    """Give the next number of the year to a letter about a case; final with the open work."""
    year = scribe.desk.year(scribe.now)
    line = DocumentNumber(
        **scribe.common(), mark=paper.get("document_mark") or "", year=year,
        serial=scribe.work.draw_document_serial(year), form=form, case=scribe.desk.require("Case", case).record.id,
        issued_at=scribe.now, signer=paper.get("signer"),
    )  # fmt: skip
    scribe.work.add(line)
    return line


def letters_of(desk: Desk, case: str, form: str | None = None) -> tuple[DocumentNumber, ...]:
    """Letters of this unit about a case, oldest first, void ones left out; only those of a form where it is named."""
    unit = desk.store.facts.unit
    found = [one for one in _records(desk.store.reading.find("DocumentNumber", "case", case)) if one.unit == unit]
    void = desk.store.reading.voided([one.id for one in found])
    kept = (one for one in found if one.id not in void and form in (None, one.form))
    return tuple(sorted(kept, key=lambda one: (one.year, one.serial)))


def _records(found: Iterable[Stored]) -> list[DocumentNumber]:
    return [stored.record for stored in found if isinstance(stored.record, DocumentNumber)]
