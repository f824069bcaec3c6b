"""Files of attachments by wire, once the records are exchanged. Trouble with one never undoes an exchange."""

from collections.abc import Callable
from contextlib import suppress

from desktop.services.borrowing import Borrow
from desktop.services.desk import Desk
from sync.client.blobs import BlobCarrier, BlobTransport
from sync.client.link import CountyLink
from sync.domain.errors import Damaged, Refused, Unreachable


def carry_blobs(
    desk: Desk, link: CountyLink, transport: BlobTransport, stop: Callable[[], bool], borrow: Borrow
) -> int:
    """Give what the county lacks, get what is missing here, until done, stopped or cut off; how many still wait.

    Files are read and written where this runs; only the books are borrowed.
    """
    blobs = desk.store.blobs
    carrier = BlobCarrier(link, blobs, transport, desk.clock, stop)
    borrow(blobs.note_epoch)
    with suppress(Unreachable):
        for need in borrow(blobs.owed):
            with suppress(Refused):
                if not stop() and carrier.push(need):
                    borrow(lambda need=need: blobs.delivered(need.name))  # type: ignore[misc]
        for need in borrow(blobs.wanted):
            with suppress(Refused, Damaged):
                if stop() or not carrier.fetch(need):
                    break
    return borrow(lambda: finish(desk))


def finish(desk: Desk) -> int:
    """Files of withdrawn dossiers go; how many still wait."""
    with suppress(Refused):
        desk.store.blobs.sweep()
    return desk.store.blobs.waiting()
