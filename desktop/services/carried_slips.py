"""The paper that goes with a stick: what is in a carried file in numbers, and its code to compare at the county."""

import hashlib
from dataclasses import dataclass

from desktop.services.desk import Desk
from sync.domain.ids import Instant
from sync.domain.times import local_text
from sync.protocol.carried import carried_code


@dataclass(frozen=True, slots=True)
class Manifest:
    """Numbers of one carried file. ``kinds``: kind → records its changes write; ``digest``: SHA-256 of the file."""

    file: str
    code: str
    bytes: int
    changes: int
    kinds: dict[str, int]
    digest: str
    made_at: Instant


def manifest(desk: Desk, data: bytes, file: str) -> Manifest:
    """The manifest of the request just made from all that waits."""
    outbox = desk.store.outbox
    return Manifest(
        file=file,
        code=carried_code(data),
        bytes=len(data),
        changes=desk.store.sync.count_waiting(),
        kinds=outbox.waiting_kinds(),
        digest=hashlib.sha256(data).hexdigest(),
        made_at=desk.clock(),
    )


def print_slip(desk: Desk, told: Manifest) -> bytes:
    """The slip as PDF."""
    from desktop.forms.carried_slip import CARRIED_SLIP, CarriedSlip
    from desktop.forms.form import PrintStamp
    from sync.shipped.kind_names import kind_name

    facts = desk.store.facts
    kinds = "，".join(f"{kind_name(kind, 'zh')} {count}" for kind, count in told.kinds.items())
    slip = CarriedSlip(
        unit=facts.unit_name,
        county=facts.county_name,
        time=local_text(told.made_at).replace("T", " ")[:16],
        file=told.file,
        code=told.code,
        size=f"{told.bytes} 字节",
        changes=f"{told.changes} 条",
        kinds=kinds or "没有待送的更改，只取县里的新内容",
        device=f"{facts.block} · {facts.device[:8]}",
        digest=told.digest,
    )
    return CARRIED_SLIP.render(slip, PrintStamp(number=told.code, printed_at=told.made_at))
