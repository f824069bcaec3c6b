"""Ask an address for its county's key card, before any key of that county is known: believed only by its root."""

import re
import ssl
import unicodedata

from sync.client.transport import ANSWER_SECONDS
from sync.domain.errors import Damaged, InvalidInput, Unreachable
from sync.protocol.limits import MAX_KEY_CARD_BYTES

CARD_PATH = "/v1/card"
DEFAULT_PORT = 8443
_ADDRESS = re.compile(
    r"(?:https://)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>\d{1,5}))?/?"
)


def county_url(address: str) -> str:
    """The https URL of what a person typed: ``10.1.2.3``, ``county.example:8443``, ``https://…``; full-width too.

    Raises InvalidInput ``ticket.address``; ``field`` is ``address``.
    """
    match = _ADDRESS.fullmatch(unicodedata.normalize("NFKC", address).strip().replace("。", ".").lower())
    if match is None or not 0 < int(match["port"] or DEFAULT_PORT) < 65536:
        raise InvalidInput("ticket.address", field="address")
    return f"https://{match['host']}:{match['port'] or DEFAULT_PORT}"


def fetch_card(address: str) -> bytes:
    """The signed card as the address gives it, not proven yet (``open_key_card`` does that with the root).

    TLS is not checked here, for the card is what says which certificate to trust; nothing secret is sent.
    Raises InvalidInput ``ticket.address``, Unreachable ``exchange.unreachable`` or ``ticket.no_card``.
    """
    from sync.client.line import Line

    url = county_url(address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with Line(url, context) as line:
            status, card = line.ask("GET", CARD_PATH, None, {}, patience=ANSWER_SECONDS, most_bytes=MAX_KEY_CARD_BYTES)
    except Damaged as error:
        raise Unreachable("ticket.no_card") from error
    if status != 200:
        raise Unreachable("ticket.no_card")
    return card
