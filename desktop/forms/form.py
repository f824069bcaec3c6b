"""A form: frozen data in, PDF bytes out. The same data and stamp always give the same bytes."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from desktop.forms.fonts import FontBook, office_book
from desktop.forms.paper import Imprint, Printable, print_sheets
from desktop.forms.values import PrintContext, Readout
from sync.domain.ids import Instant
from sync.domain.times import local_text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

D = TypeVar("D", bound="DataclassInstance")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStamp:
    """What a print says of itself: the record's id and number, the how-manieth print, and when (UTC milliseconds)."""

    record: str = ""
    number: str = ""
    times: int = 1
    printed_at: Instant | int = 0
    mark: str = ""
    """Stands large and grey across each page: ``作废`` on a void record's sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[D]):
    """One kind of sheet.

    ``about_kind`` is the record a print is about (empty: a list of many). ``empty`` is the data of a blank sheet;
    ``compose`` lays data out (``blank=True``: with room for handwriting). ``marked`` is False only for the sheet that
    must not be traceable.
    """

    name: str
    code: str
    title: str
    about_kind: str
    empty: D
    compose: Callable[[D, bool], Printable]
    read: Callable[[Readout, PrintContext], D] | None = None
    version: int = 1
    marked: bool = True
    has_blank: bool = True
    named: Callable[[D], str] | None = None
    """What a sheet with this data is called, where the form has more names than one."""

    @property
    def data_type(self) -> type[D]:
        """The dataclass the form takes."""
        return type(self.empty)

    def digest(self, data: D) -> str:
        """SHA-256 (hex) over the printed values; its first 12 signs stand on the paper."""
        values = [self.name, self.version, data]
        plain = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_by_name)
        return hashlib.sha256(plain.encode("ascii")).hexdigest()

    def from_readout(self, readout: Readout, context: PrintContext) -> D:
        """The data of a record as ``show`` prints it."""
        if self.read is None:
            raise TypeError(f"{self.name} is not made from one record")
        return self.read(readout, context)

    def render(self, data: D, stamp: PrintStamp, book: FontBook | None = None) -> bytes:
        """The PDF. Raises FormError naming a character that no font has."""
        imprint = self._imprint(stamp, data) if self.marked else None
        return print_sheets([(self.compose(data, False), imprint)], self._subject(), book or office_book())

    def blank(
        self,
        numbers: Sequence[str],
        *,
        unit: str = "",
        printed_at: Instant | int = 0,
        book: FontBook | None = None,
    ) -> bytes:
        """One PDF of blank sheets, one for each number; an unmarked form counts the numbers and prints none."""
        sheets = [self._blank_sheet(number, unit, printed_at) for number in numbers]
        return print_sheets(sheets, self._subject(), book or office_book())

    def _blank_sheet(self, number: str, unit: str, printed_at: Instant | int) -> tuple[Printable, Imprint | None]:
        known = {field.name for field in fields(self.empty)}
        given = {"number": number, "unit": unit} if self.marked else {"unit": unit}
        data = replace(self.empty, **{name: value for name, value in given.items() if name in known})
        stamp = PrintStamp(number=number, printed_at=printed_at)
        imprint = self._imprint(stamp, data) if self.marked else None
        return self.compose(data, True), imprint

    def _subject(self) -> str:
        return f"{self.title} {self.code}-V{self.version}"

    def _imprint(self, stamp: PrintStamp, data: D) -> Imprint:
        digest = self.digest(data)
        printed_at = local_text(Instant(stamp.printed_at)).replace("T", " ")[:16] if stamp.printed_at else ""
        return Imprint(
            form=f"{self.code} 第{self.version}版",
            title=self.named(data) if self.named else self.title,
            number=stamp.number,
            times=stamp.times,
            printed_at=printed_at,
            digest=digest[:12],
            mark=stamp.mark,
            code=_scan_code(self, stamp, digest),
        )


def _by_name(data: Any) -> dict[str, Any]:
    """The values of one of a form's dataclasses by name."""
    return {field.name: getattr(data, field.name) for field in fields(data)}


def _scan_code(form: Form[Any], stamp: PrintStamp, digest: str) -> str:
    """What the QR code holds: form code and version, record id (a blank's number), print number, short digest."""
    about = stamp.record or stamp.number
    return f"LIANDONG:{form.code}.V{form.version}:{about}:{stamp.times}:{digest[:12]}".upper()
