"""A printed form from memory: looked at, sent to a system printer, or exported. Nothing touches the disk by itself."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from desktop.services.shapes import Printed
from desktop.ui.preview.pages import PagesView
from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.surfaces import Notice
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.private_files import write_private

PRINT_DPI = 300
POINTS_PER_INCH = 72


class PreviewScreen(Screen):
    """One print at a time."""

    name = "preview"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.printed: Printed | None = None
        self.document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._back_to = "today"
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.top.setStretchFactor(self.title, 1)
        self.back_button = self.button("back", self.back, icon="arrow-left", command="back")
        self.export_button = self.button("export", self.ask_export, icon="save", command="export")
        self.print_button = self.button("print", self.ask_print, primary=True, icon="printer", command="print")
        for button in (self.back_button, self.export_button, self.print_button):
            self.top.addWidget(button)
        self._make_middle()

    def open(self, argument: Any = None) -> None:
        """``{"form", "id", "back"}``: print it into memory and show it; ``{"printed", "back"}``: it is printed."""
        if not isinstance(argument, dict):
            return
        self._back_to = str(argument.get("back", "today"))
        self.forget()
        if isinstance(argument.get("printed"), Printed):
            self.show_print(argument["printed"])
            return
        form, record = str(argument["form"]), str(argument["id"])
        self.notice.tell(self.place.say("preview.preparing"))
        self.place.tasks.write(
            lambda office: office.print_form(form, record), self.show_print, self._refused, owner=self, kinds=("Print",)
        )

    def show_print(self, printed: Printed) -> None:
        """Show the pages."""
        self.notice.tell("")
        self.printed = printed
        self._buffer.setData(QByteArray(printed.pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self.pages.show_document(self.document)
        key = f"preview.form_{printed.form}"
        name = self.place.say(key) if self.place.voice.knows(key) else printed.form
        self.title.setText(self.place.say("preview.times", name=name, times=printed.times) if printed.times else name)
        self._tell_missing(printed)
        self.print_button.setFocus()

    def _tell_missing(self, printed: Printed) -> None:
        """What the sheet leaves blank, by the names the forms use."""
        names = dict.fromkeys(self._name_of(field) for field in printed.missing)
        if names:
            said = self.place.say("preview.still_missing", fields=self.place.say("preview.and").join(names))
            self.notice.tell(said, "care")

    def _name_of(self, field: str) -> str:
        name = field.replace("[]", "").replace(".", "_")
        for topic in ("loop", "reception", "visit", "case", "settings"):
            if self.place.voice.knows(f"{topic}.{name}"):
                return self.place.say(f"{topic}.{name}")
        return self.place.say("exchange_screen.some_field")

    def forget(self) -> None:
        """Drop the bytes."""
        self.printed = None
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray())
        self.pages.clear()
        self.notice.tell("")

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"print": self.ask_print, "commit": self.ask_print, "export": self.ask_export, "back": self.back}

    def back(self) -> None:
        """Where one came from."""
        target = self._back_to
        self.forget()
        self.place.go.emit(target, None)

    def ask_print(self) -> None:
        """The system's printer; the one last used for this form is chosen."""
        if self.printed is None:
            return
        if not QPrinterInfo.availablePrinterNames():
            self.notice.tell(self.place.say("preview.no_printer"), "wrong")
            return
        form, printers = self.printed.form, self.place.settings.printers
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if form in printers:
            printer.setPrinterName(printers[form])
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setDocName(self.printed.ledger_id[:12])
        if QPrintDialog(printer, self).exec():
            self.place.change_settings(printers={**printers, form: printer.printerName()})
            self.paint_on(printer)

    def paint_on(self, printer: QPrinter) -> None:
        """Draw every page over the whole sheet."""
        printer.setFullPage(True)
        printer.setResolution(PRINT_DPI)
        painter = QPainter()
        if not painter.begin(printer):
            self.notice.tell(self.place.say("preview.printer_refused"), "wrong")
            return
        for number in range(self.document.pageCount()):
            if number:
                printer.newPage()
            painter.drawImage(painter.viewport(), self._page_image(number))
        painter.end()
        self.notice.tell(self.place.say("preview.printed"), "good")

    def ask_export(self) -> None:
        """Ask for a file and write the same bytes."""
        if self.printed is None:
            return
        title, suggested = self.place.say("preview.export"), f"{self.printed.form}.pdf"
        path, _ = QFileDialog.getSaveFileName(self, title, suggested, "PDF (*.pdf)")
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write the bytes that are shown."""
        if self.printed is None:
            return
        try:
            write_private(path, self.printed.pdf)
        except OSError:
            self.notice.tell(self.place.say("exchange_screen.cannot_write", file=path.name), "wrong")
            return
        self.notice.tell(self.place.say("preview.exported", file=path.name), "good")

    def _page_image(self, number: int) -> QImage:
        size = self.document.pagePointSize(number) * (PRINT_DPI / POINTS_PER_INCH)
        return self.document.render(number, QSize(round(size.width()), round(size.height())))

    def _refused(self, error: LiandongError) -> None:
        self.notice.tell(self.place.say_error(error), "wrong")

    def _make_middle(self) -> None:
        self.notice = Notice(self.place.look, "preview.notice")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 8, 24, 0)
        column.addWidget(self.notice)
        self.middle.addWidget(holder)
        self.pages = PagesView(self.place)
        self.middle.addWidget(self.pages, 1)
