"""Printed forms: one page, the first print of a process, and long ledgers against the same rows drawn straight."""

import gc
import resource
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from io import BytesIO
from statistics import median
from time import perf_counter, process_time
from typing import Any

from desktop.forms.fonts import Face, shipped_book
from desktop.forms.form import PrintStamp
from desktop.forms.ledger import _COLUMNS, LEDGER_FORM, Ledger, LedgerLine
from desktop.forms.sheet import LEDGER
from sync.domain.ids import Instant

PRINTS, LEDGERS = 15, 3
SHORT_LEDGER, LONG_LEDGER = 500, 5_000
_SIZE, _LEADING, _PAD = 6.5, 8.5, 4.0
_NAMES = tuple(field.name for field in fields(LedgerLine))
_STAMP = PrintStamp(record="", number="", printed_at=Instant(1_795_500_000_000))


def paper_figures() -> tuple[dict[str, float], dict[str, Any]]:
    """``form_ms`` (median of the forms of one page, fonts loaded) and ``ledger_vs_canvas`` (5 000 rows)."""
    from desktop.forms.samples import SAMPLE_FORMS, sample_print

    start = perf_counter()
    sample_print("reception_register")
    figures: dict[str, Any] = {"first_form_ms": round((perf_counter() - start) * 1000, 1)}
    spent: dict[str, float] = {}
    for name in SAMPLE_FORMS:
        if sample_print(name).count(b"/Type /Page\n") == 1:
            spent[name] = _timed(partial(sample_print, name), PRINTS)
    figures["forms_ms"] = spent
    ratios = {"form_ms": round(median(spent.values()), 2)}
    for rows in (SHORT_LEDGER, LONG_LEDGER):
        data = Ledger(unit="仁义镇", period="2026年", lines=tuple(map(_line, range(rows))))
        gc.collect()
        before = _most_memory()
        ours = _timed(partial(LEDGER_FORM.render, data, _STAMP), LEDGERS)
        floor = _timed(partial(_straight, data.lines), LEDGERS)
        figures[f"ledger_{rows}"] = {"ours_ms": ours, "canvas_ms": floor, "more_memory_mb": _most_memory() - before}
        ratios["ledger_vs_canvas"] = ours / floor
    return ratios, figures


def _line(index: int) -> LedgerLine:
    return LedgerLine(
        number=f"431021102-2026-A-{index:05d}-6", received=f"2026-{1 + index % 12:02d}-{1 + index % 28:02d}",
        source="来信", signed="实名", accused="李卫国", accused_unit="仁义镇某村党支部书记", accused_level="村干部",
        summary=f"反映第{index}号村道硬化工程款项去向不明、低保评议不公开等问题", kind="村务管理", scope="业务范围内",
        first_repeat="初次", method="转办", where_to="仁义镇", sent="2026-11-20", limit="2027-01-19", handler="张明",
        disposition="谈话函询", result="属实", answered="2026-12-20", revisited="是", satisfaction="满意",
        status="已办结",
    )  # fmt: skip


def _straight(lines: tuple[LedgerLine, ...]) -> bytes:
    """The least: text broken by width alone, one text object a page, rules as lines; no typesetting, no stamp."""
    from reportlab.pdfgen.canvas import Canvas

    book, known = shipped_book(), dict[tuple[str, float], list[str]]()
    font, target = book.first_font(Face.BODY), BytesIO()
    canvas = Canvas(target, pagesize=(LEDGER.width, LEDGER.height), pageCompression=1, initialFontName=font)
    total = sum(width for _, width in _COLUMNS)
    widths = [LEDGER.text_width * width / total for _, width in _COLUMNS]
    y, text, page_top = 0.0, None, LEDGER.height - LEDGER.top
    for index, line in enumerate(lines, 1):
        values = (str(index), *(getattr(line, name) for name in _NAMES))
        cells = [_broken(book, known, value, width - 2 * _PAD) for value, width in zip(values, widths, strict=True)]
        height = max(24.0, max(map(len, cells)) * _LEADING + 6)
        if text is None or y - height < LEDGER.bottom:
            if text is not None:
                _end_page(canvas, text, widths, y)
            text, y = canvas.beginText(), page_top
            text.setFont(font, _SIZE)
        x = LEDGER.left
        for parts, width in zip(cells, widths, strict=True):
            top = y - 3 - _SIZE
            for part in parts:
                text.setTextOrigin(x + _PAD, top)
                text.textOut(part)
                top -= _LEADING
            x += width
        y -= height
        canvas.line(LEDGER.left, y, LEDGER.left + LEDGER.text_width, y)
    _end_page(canvas, text, widths, y)
    canvas.save()
    return target.getvalue()


def _end_page(canvas: Any, text: Any, widths: list[float], foot: float) -> None:
    x = LEDGER.left
    for width in (*widths, 0.0):
        canvas.line(x, LEDGER.height - LEDGER.top, x, foot)
        x += width
    canvas.drawText(text)
    canvas.showPage()


def _broken(book: Any, known: dict[tuple[str, float], list[str]], text: str, width: float) -> list[str]:
    found = known.get((text, width))
    if found is not None:
        return found
    parts, part, used = list[str](), "", 0.0
    for sign in text:
        advance = book.glyph(Face.BODY, sign).advance * _SIZE / 1000
        if used + advance > width and part:
            parts.append(part)
            part, used = "", 0.0
        part += sign
        used += advance
    known[text, width] = [*parts, part] if part else parts
    return known[text, width]


def _timed(work: Callable[[], object], rounds: int) -> float:
    """Median milliseconds of processor time: printing waits for nothing else."""
    spent: list[float] = []
    for _ in range(rounds):
        start = process_time()
        work()
        spent.append((process_time() - start) * 1000)
    return round(median(spent), 2)


def _most_memory() -> int:
    """Megabytes this process has held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
