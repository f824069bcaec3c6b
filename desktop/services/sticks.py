"""What of a stick or folder concerns the exchange, told by the first bytes of each file."""

from pathlib import Path

from sync.domain.errors import Damaged
from sync.protocol.carried import MAGIC, CarriedKind

REQUESTS = (CarriedKind.EXCHANGE_REQUEST, CarriedKind.ENROL_REQUEST)
_HEAD_BYTES = len(MAGIC) + 2


def carried_files(folder: Path, kinds: tuple[CarriedKind, ...] = tuple(CarriedKind)) -> list[Path]:
    """The carried files of a folder by name, of these kinds.

    Raises Damaged ``carried.empty_folder`` where there is none, ``exchange_screen.cannot_read``.
    """
    wanted = {int(kind) for kind in kinds}
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file() and _kind(path) in wanted)
    except OSError:
        raise Damaged("exchange_screen.cannot_read", file=folder.name) from None
    if not found:
        raise Damaged("carried.empty_folder", folder=folder.name or str(folder))
    return found


def _kind(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return head[-1] if head[: len(MAGIC)] == MAGIC and len(head) == _HEAD_BYTES else 0
