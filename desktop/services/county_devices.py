"""The county office's list of devices that wait: compare their digits, let them in, turn them away."""

from desktop.services.desk import Desk
from desktop.services.exchanging import Borrow, at_once
from desktop.services.permissions import Reader, may_admit
from sync.client.county_desk import DeviceAct, ask_devices
from sync.client.link import CountyLink
from sync.client.transport import HttpsTransport
from sync.domain.errors import NotAllowed
from sync.protocol.county_desk import ADMIT, TURN_AWAY, WaitingRow


def waiting_devices(desk: Desk, borrow: Borrow = at_once) -> tuple[WaitingRow, ...]:
    """Those that wait now, the first that came first; for everyone at the county's own unit.

    Raises NotAllowed ``desk.county_only``, Unreachable, Refused.
    """
    return _ask(desk, DeviceAct(*_who(desk)), borrow)


def admit_device(desk: Desk, row: WaitingRow, borrow: Borrow = at_once) -> tuple[WaitingRow, ...]:
    """Let a device in whose digits were compared; those that still wait.

    Raises NotAllowed ``desk.may_not_admit``, Refused ``county.*``: nothing changed then.
    """
    _require(desk.reader)
    return _ask(desk, DeviceAct(*_who(desk), ADMIT, row.device, row.comparison), borrow)


def turn_device_away(desk: Desk, row: WaitingRow, borrow: Borrow = at_once) -> tuple[WaitingRow, ...]:
    """Refuse a device for good; those that still wait. Raises as :func:`admit_device`."""
    _require(desk.reader)
    return _ask(desk, DeviceAct(*_who(desk), TURN_AWAY, row.device, row.comparison), borrow)


def _ask(desk: Desk, act: DeviceAct, borrow: Borrow) -> tuple[WaitingRow, ...]:
    link = borrow(lambda: _link(desk))
    with HttpsTransport(link.card) as transport:
        return ask_devices(link, transport, act, desk.clock()).waiting


def _who(desk: Desk) -> tuple[str, str]:
    return desk.user, desk.reader.role


def _link(desk: Desk) -> CountyLink:
    facts = desk.store.facts
    if facts.unit != facts.county:
        raise NotAllowed("desk.county_only")
    return desk.link()


def _require(reader: Reader) -> None:
    if not may_admit(reader.role):
        raise NotAllowed("desk.may_not_admit")
