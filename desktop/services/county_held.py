"""The county office's list of changes held behind a gap, and letting go what a lost device left behind."""

from desktop.services.desk import Desk
from desktop.services.exchanging import Borrow, at_once
from desktop.services.permissions import may_admit
from sync.client.county_desk import HeldAct, ask_held
from sync.client.link import CountyLink
from sync.client.transport import HttpsTransport
from sync.domain.errors import InvalidInput, NotAllowed
from sync.protocol.held_desk import LET_GO, HeldAnswer, HeldDevice


def held_changes(desk: Desk, borrow: Borrow = at_once) -> HeldAnswer:
    """The devices of which something is held, the longest wait first; for everyone at the county's own unit.

    Raises NotAllowed ``desk.county_only``, Unreachable, Refused.
    """
    return _ask(desk, HeldAct(desk.user, desk.reader.role), borrow)


def let_go(desk: Desk, row: HeldDevice, reason: str, *, apart: bool = False, borrow: Borrow = at_once) -> HeldAnswer:
    """Judge what a device that is shut out left behind; ``apart``: all of it is set apart. What is still held.

    Raises NotAllowed ``desk.may_not_let_go``, InvalidInput ``held.reason``, Refused ``held.*``: nothing changed then.
    """
    if not may_admit(desk.reader.role):
        raise NotAllowed("desk.may_not_let_go")
    if not reason.strip():
        raise InvalidInput("held.reason", field="reason")
    return _ask(desk, HeldAct(desk.user, desk.reader.role, LET_GO, row.device, reason.strip(), apart), borrow)


def _ask(desk: Desk, act: HeldAct, borrow: Borrow) -> HeldAnswer:
    link = borrow(lambda: _link(desk))
    with HttpsTransport(link.card) as transport:
        return ask_held(link, transport, act, desk.clock())


def _link(desk: Desk) -> CountyLink:
    facts = desk.store.facts
    if facts.unit != facts.county:
        raise NotAllowed("desk.county_only")
    return desk.link()
