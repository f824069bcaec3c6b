"""The list of rejected rows: row number, heading, reason; never what stood in the row."""

import csv
import io
from collections.abc import Iterable

from desktop.services.shapes import Reject
from sync.shipped.texts import load_catalogue

COLUMNS = ("row", "heading", "reason")


def rejects_csv(rejects: Iterable[Reject], language: str) -> bytes:
    """CSV in UTF-8 with a byte order mark, as spreadsheets open it."""
    catalogue = load_catalogue()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for reject in rejects:
        writer.writerow((reject.row, reject.heading, catalogue.say(reject.reason, language, **reject.values)))
    return text.getvalue().encode("utf-8-sig")
