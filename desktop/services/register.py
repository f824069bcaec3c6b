"""The register of letters: one for each organ and year, gapless, a number given only when a letter is issued (签发).

It lies on ONE device of the organ: the first that joined the county. The county gives the number block ``A`` of a unit
to one device only, so two devices never both think they keep the register, and none has to ask anybody first, in a
village without a network no more than at the desk. Any other device is refused. The register goes with the profile: a
device that is enrolled anew after a restore keeps it; until then, while its books may be older than the paper that is
out, it is refused too. A serial is the highest so far plus one, drawn in the transaction that writes the letter's
print, so a letter that could not be printed uses up none; a void letter stays in the register with its number.
"""

from collections.abc import Iterable
from typing import Any

from desktop.services.desk import Desk
from desktop.services.recording import Scribe
from sync.domain.errors import NotAllowed
from sync.domain.loop_records import DocumentNumber
from sync.domain.records import Stored


def document_text(record: DocumentNumber) -> str:
    """The number as it is printed: ``仁信〔2026〕3号``."""
    return f"{record.mark}〔{record.year}〕{record.serial}号"


def require_register(desk: Desk) -> None:
    """Refuse a device that does not keep its unit's register (``letters.no_register``, ``letters.provisional``)."""
    if desk.store.books.restored:
        raise NotAllowed("letters.provisional")
    if not desk.store.keeps_register:
        raise NotAllowed("letters.no_register")


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
