"""Lists by pages: one line a record, without identities, only what the reader may see."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from desktop.services.desk import Desk
from desktop.services.permissions import IN_NAME, LOG_KINDS, Sight
from desktop.services.shapes import Row, RowPage
from desktop.storage.reading import ListedRecord, Mine, Order, PageKey
from sync.domain.attachment_record import Attachment
from sync.domain.declarations import Facet, FieldType, facet_of
from sync.domain.errors import InvalidInput, UsageError
from sync.domain.loop_records import Interview
from sync.domain.records import KINDS, Case, Finding, Print, Reception, Record, Stored, Visit, kind_of
from sync.protocol.collisions import read_made_by_county

DUE_ORDER = Order("due", descending=False)
ORDERS = {"newest": Order(), "due": DUE_ORDER, "started": Order("started_at")}
FILTERS: Mapping[str, frozenset[str]] = {
    "Case": frozenset(
        {"status", "holder", "unit", "source_channel", "nature", "problem_tag", "village", "secrecy", "author"}
    ),
    "Visit": frozenset({"unit", "village", "contact_mode", "author"}),
    "Reception": frozenset({"unit", "contact_mode", "secrecy", "author", "case"}),
    "Interview": frozenset({"unit", "author", "case"}),
    "ReturnVisit": frozenset({"unit", "author", "case"}),
    "Rating": frozenset({"unit", "author", "case"}),
    "Finding": frozenset({"visit", "outcome", "problem_tag", "author", "case"}),
    "Attachment": frozenset({"unit", "about", "author"}),
}
TITLE_SIGNS = 80
_SHOWN_TYPES = frozenset({FieldType.CODE, FieldType.BOOLEAN, FieldType.UNIT, FieldType.DATE, FieldType.REFERENCE})
_MOMENTS = {
    "Case": "received_at",
    "Reception": "received_at",
    "Visit": "started_at",
    "Interview": "started_at",
    "ReturnVisit": "visited_at",
    "Rating": "rated_at",
    "Step": "at",
}
_OWN_COLUMNS = frozenset({"secrecy", "nature", "village", "unit"})


def list_page(
    desk: Desk,
    kind: str,
    *,
    filters: Mapping[str, Any] | None = None,
    after: str | None = None,
    limit: int = 100,
    order: str = "newest",
) -> RowPage:
    """A page of a kind. ``filters``: column → value or list of values; ``after``: ``next`` of the page before."""
    if kind not in KINDS:
        raise UsageError("record.no_such_kind", kind=kind, kinds=", ".join(KINDS))
    wanted = _filters(desk, kind, filters or {})
    key = _parse_key(after, order)
    seen: list[ListedRecord] = []
    while True:
        page = desk.store.reading.page(kind, wanted, order=ORDERS[order], after=key, limit=limit - len(seen))
        seen += [listed for listed in page.rows if desk.sees(listed.stored)]
        key = page.next
        if key is None or len(seen) >= limit:
            break
    return RowPage(rows_of(desk, seen), None if key is None else f"{key.value}|{key.id}")


def count(desk: Desk, kind: str, filters: Mapping[str, Any] | None = None) -> int:
    """How many records of a kind pass the filters, of those the reader may know of. A role that gets accusations as
    numbers only gets their number here."""
    if kind not in KINDS:
        raise UsageError("record.no_such_kind", kind=kind, kinds=", ".join(KINDS))
    sight, wanted = desk.reader.powers.sight, {**(filters or {}), **_own(desk, kind, filters or {})}
    if kind in LOG_KINDS:
        return sum(desk.sees(stored) for stored in _all(desk, kind, wanted))
    if sight is Sight.NOTHING and not KINDS[kind].common:
        return 0
    hidden = _hidden_dossiers(desk)
    total = desk.store.reading.count(kind, wanted)
    if not hidden or KINDS[kind].common:
        return total
    return total - sum(not desk.sees(stored) for stored in _all(desk, kind, {**wanted, "dossier": hidden}))


def _hidden_dossiers(desk: Desk) -> tuple[str, ...]:
    """Dossiers of which the reader does not know: about himself, sealed by others, or handed to another desk."""
    reading, hidden = desk.store.reading, set(desk.recused_cases()) | desk.handed_cases()
    if desk.reader.powers.sight is not Sight.ALL:
        hidden |= reading.sealed_dossiers()
    return tuple(sorted(hidden))


def _all(desk: Desk, kind: str, wanted: Mapping[str, Any]) -> Iterator[Stored]:
    key: PageKey | None = None
    while True:
        page = desk.store.reading.page(kind, wanted, after=key, limit=200)
        yield from (listed.stored for listed in page.rows)
        key = page.next
        if key is None:
            return


def rows_of(desk: Desk, listed: Iterable[ListedRecord]) -> tuple[Row, ...]:
    """The lines of listed records."""
    kept = list(listed)
    ids = [one.stored.record.id for one in kept]
    void, unsent = desk.store.reading.voided(ids), desk.store.reading.unsent(one.stored for one in kept)
    return tuple(_row(desk, one, void=name in void, unsent=name in unsent) for name, one in zip(ids, kept, strict=True))


def title_of(desk: Desk, stored: Stored) -> str:
    """What a line is called: a case by its title, a visit by its village, a reception by its case."""
    record = stored.record
    if isinstance(record, Case):
        return first_line(record.title or record.content)
    if isinstance(record, Visit):
        return desk.place_name(record.village) if record.village else first_line(record.summary)
    if isinstance(record, Finding):
        return first_line(record.text)
    if isinstance(record, Attachment):
        return record.title or record.name
    head = desk.store.reading.get("Case", stored.dossier) if isinstance(record, Reception | Interview) else None
    return title_of(desk, head) if head is not None else ""


def first_line(text: str | None) -> str:
    """The first line with something on it, shortened."""
    line = next((part.strip() for part in (text or "").splitlines() if part.strip()), "")
    return line if len(line) <= TITLE_SIGNS else line[: TITLE_SIGNS - 1] + "…"


def _row(desk: Desk, listed: ListedRecord, *, void: bool, unsent: bool) -> Row:
    record = listed.stored.record
    case = listed.case
    return Row(
        kind=kind_of(record),
        id=record.id,
        number=getattr(record, "number", None),
        created_at=record.created_at,
        title=title_of(desk, listed.stored),
        status=case.status if case else None,
        holder=case.holder if case else None,
        due=date.fromisoformat(case.due) if case and case.due else None,
        received_at=_moment_of(record),
        secrecy=getattr(record, "secrecy", None),
        nature=getattr(record, "nature", None),
        village=getattr(record, "village", None),
        author=record.author,
        void=void,
        unsent=unsent,
        columns=_columns(record, case.due_rule if case else None),
    )


def _columns(record: Record, due_rule: str | None) -> dict[str, Any]:
    """Coded values of the record; texts stay out of lists."""
    names = _shown_names(kind_of(record))
    shown = {name: value for name in names if (value := getattr(record, name)) is not None}
    if isinstance(record, Print):
        shown |= {"form": record.form, "times": record.times}
    shown |= read_made_by_county(record)
    if isinstance(record, Attachment):
        shown |= {"name": record.name, "media_type": record.media_type, "size": record.size, "blob": record.blob}
        shown["about_kind"] = record.about_kind
    if isinstance(record, Case) and record.external_number:
        shown["external_number"] = record.external_number
    return {**shown, "due_rule": due_rule} if due_rule else shown


@cache
def _shown_names(kind: str) -> tuple[str, ...]:
    record: Any = KINDS[kind].record
    facets: dict[str, Facet] = facet_of(record)
    return tuple(name for name, one in facets.items() if one.type in _SHOWN_TYPES and name not in _OWN_COLUMNS)


def _moment_of(record: Record) -> int | None:
    """When what the record tells of happened."""
    return getattr(record, _MOMENTS.get(kind_of(record), ""), None)


def _filters(desk: Desk, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    allowed = FILTERS.get(kind, frozenset({"unit", "author"}))
    for name in given:
        if name not in allowed:
            raise InvalidInput("record.no_such_filter", field=name)
    return {**given, **_own(desk, kind, given)}


def _own(desk: Desk, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The filter of a role that sees what the user recorded, or his unit took in, and the cases in his name."""
    if desk.reader.powers.sight is Sight.DESK and kind == "Case" and not desk.assigned_cases():
        return {"unit": given.get("unit", desk.store.facts.unit)}
    if desk.reader.powers.sight not in IN_NAME or KINDS[kind].common:
        return {}
    narrowed = {"author": given["author"]} if "author" in given else {}
    return {"author": Mine(desk.user, desk.assigned_cases(), narrowed)}


def _parse_key(after: str | None, order: str) -> PageKey | None:
    if after is None:
        return None
    value, _, record_id = after.rpartition("|")
    return PageKey(value if order == "due" else int(value), record_id)
