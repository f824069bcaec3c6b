"""Print forms: the same bytes for preview, printer and file; every print has its line in the ledger first."""

from collections.abc import Callable
from typing import Any

from desktop.forms.fonts import load_fonts
from desktop.forms.form import Form, PrintStamp
from desktop.forms.registry import find_blank_form, find_form
from desktop.forms.values import PrintContext
from desktop.services import letters
from desktop.services.desk import Desk
from desktop.services.identities import open_for_print
from desktop.services.inputs.template import missing_for_print
from desktop.services.lacking import lacking
from desktop.services.paper import for_paper
from desktop.services.permissions import require_recording
from desktop.services.recording import Scribe, drop_draft
from desktop.services.shapes import Printed
from desktop.services.showing import read_record
from desktop.settings import load_settings
from sync.domain.errors import InvalidInput, UsageError
from sync.domain.records import Print, Reception, Stored

IDENTITY_FORMS = frozenset(
    {"reception_register", "interview_record", "acceptance_notice", "rejection_notice", "answer_letter"}
)
"""Sheets that may name the complainant for the desk that took it."""
SEALED_FORM = "sealed_handover"
MOST_BLANKS = 200
NOTHING_TYPED = letters.Order()


def print_form(
    desk: Desk, form_name: str, record_id: str, reason: str | None = None, order: letters.Order = NOTHING_TYPED
) -> Printed:
    """Render a form about a record and commit its ledger line; ``order`` is what was typed for a letter about a case.

    The complainant is named on the desk's own sheets only, that day without a ``reason``, later with one (logged).
    Raises FormError (unknown form, a character no font has), NotFound, InvalidInput (another kind of record).
    """
    form = find_form(form_name)
    if not form.about_kind:
        raise UsageError("casework.not_of_one_record", form=form.title)
    stored = desk.require(form.about_kind, record_id)
    _check_sealed(form, stored)
    opened = open_for_print(desk, stored, reason) if form.name in IDENTITY_FORMS else {}
    identity = next(iter(opened.values()), None)
    readout = for_paper(read_record(desk, stored, opened), desk.case_of(stored), identity)
    letter = letters.compose(desk, form.name, readout, order)
    now = desk.clock()
    stamp = PrintStamp(
        record=stored.record.id,
        number=getattr(stored.record, "number", None) or "",
        times=_times(desk, form, stored) + 1,
        printed_at=now,
        mark="作废" if readout.get("voided") else letter.mark,
    )
    about: dict[str, Any] = {"about_kind": form.about_kind, "about": stored.record.id} if form.marked else {}
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        letter = letter.issued(scribe, form.name)
        data = form.from_readout(letter.readout, print_context(desk))
        pdf = form.render(data, stamp)
        line = Print(
            **scribe.common(), form=form.name, form_version=form.version, times=stamp.times,
            digest=form.digest(data) if form.marked else None, **about,
        )  # fmt: skip
        work.add(line)
        drop_draft(desk, work, order.draft)
    missing = (*_missing(form, readout), *_lacking(form, data, letter))
    return Printed(form.name, pdf, stamp.times, line.id, missing, document=letter.document)


def letter_missing(desk: Desk, form_name: str, case_id: str, paper: object = None) -> tuple[str, ...]:
    """What a letter or sheet about a case lacks with this paper, all at once; nothing is printed or written.

    Raises as :func:`print_form`.
    """
    form = find_form(form_name)
    if form.about_kind != "Case":
        raise UsageError("casework.not_of_one_record", form=form.title)
    readout = read_record(desk, desk.require("Case", case_id), {})
    letter = letters.compose(desk, form.name, readout, letters.Order(paper))
    return _lacking(form, form.from_readout(letter.readout, print_context(desk)), letter)


def print_blank(desk: Desk, form_name: str, count: int) -> Printed:
    """Blank sheets, each with a number of its own that is never given again (none on sheets without a mark)."""
    require_recording(desk.reader)
    form = find_blank_form(form_name)
    if not 1 <= count <= MOST_BLANKS:
        raise InvalidInput("casework.blank_count", field="count", most=MOST_BLANKS)
    now = desk.clock()
    with desk.work(now) as work:
        scribe = Scribe(desk, work, now)
        numbers = tuple(scribe.number() if form.marked else str(index + 1) for index in range(count))
        pdf = form.blank(numbers, unit=desk.store.facts.unit_name, printed_at=now)
        given = numbers if form.marked else ()
        line = Print(**scribe.common(), form=form.name, form_version=form.version, times=count, numbers=given)
        work.add(line)
    return Printed(form.name, pdf, count, line.id, (), given)


def prepare(stop: Callable[[], bool]) -> None:
    """Read the fonts of the forms."""
    load_fonts(stop)


def sample_pdfs() -> dict[str, bytes]:
    """Every form filled with made-up records and blank: ``FORM-filled``, ``FORM-blank``."""
    from desktop.forms.samples import sample_prints

    return dict(sample_prints())


def print_context(desk: Desk) -> PrintContext:
    """Names for codes on paper."""
    facts = desk.store.facts
    return PrintContext(
        unit_name=facts.unit_name,
        county_name=facts.county_name,
        contact=load_settings(desk.paths.settings, desk.user).contact,
        place_name=desk.place_name,
        unit_label=desk.place_name,
    )


def _check_sealed(form: Form[Any], stored: Stored) -> None:
    record = stored.record
    if not isinstance(record, Reception):
        return
    sealed = record.case is None
    if sealed and form.name != SEALED_FORM:
        raise InvalidInput("casework.sealed_form", field="form")
    if not sealed and form.name == SEALED_FORM:
        raise InvalidInput("casework.not_sealed", field="form")


def _times(desk: Desk, form: Form[Any], stored: Stored) -> int:
    if not form.marked:
        return 0
    return sum(
        one.record.form == form.name
        for one in desk.store.reading.children("Print", "about", stored.record.id)
        if isinstance(one.record, Print)
    )


def _lacking(form: Form[Any], data: Any, letter: letters.Letter) -> tuple[str, ...]:
    numbered = form.name in letters.NUMBERED and not letter.document
    return lacking(form.name, data, form.empty, letter.readout.get("paper") or {}, numbered=numbered)


def _missing(form: Form[Any], readout: dict[str, object]) -> tuple[str, ...]:
    return missing_for_print(form.about_kind, form.name, readout)
