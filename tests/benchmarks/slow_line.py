"""Cases over a slow line that loses requests: how long it takes, and how often a change has to be sent."""

from collections import Counter
from typing import Any

from msgspec.structs import replace

from sync.client.exchange import run_exchange
from sync.client.transport import HttpsTransport
from sync.protocol.codec import decode_request
from sync.protocol.envelope import Purpose, open_envelope
from sync.protocol.keys import signing_public
from sync.protocol.messages import decode_change
from sync.server.county import open_county
from tests.benchmarks.devices import Device, Ground
from tests.e2e.slow_proxy import LineTime, SlowProxy, slow_proxy

BYTES_PER_SECOND = 4_000.0
"""32 kbit/s, in each direction."""
LOST_SHARE = 0.3
CLEAN_TOWN, LOSSY_TOWN = "431021002", "431021102"


class WatchedTransport:
    """The real transport through the proxy; knows which changes left with each request."""

    def __init__(self, device: Device, proxy: SlowProxy, county_key: bytes) -> None:
        self._inner = HttpsTransport(replace(device.desk.card, url=proxy.url))
        self._proxy = proxy
        self._key = county_key
        self._signing = signing_public(device.desk.link().signing_private)
        self.sent: Counter[str] = Counter()
        """Change → requests with it that left whole."""
        self.begun: Counter[str] = Counter()
        """Change → requests with it of which at least a byte left."""

    def post(self, path: str, body: bytes) -> bytes:
        """Post; what is cut before its first byte does not count."""
        fate = self._proxy.expect(len(body))
        changes = [] if fate == "before" else self._changes(body)
        self.begun.update(changes)
        self.sent.update([] if fate == "midway" else changes)
        return self._inner.post(path, body)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def _changes(self, envelope: bytes) -> list[str]:
        payload = open_envelope(envelope, purpose=Purpose.EXCHANGE_REQUEST, private_key=self._key, signer=self._signing)
        return [decode_change(body).id for body in decode_request(payload).changes]


def slow_line_figures(ground: Ground, cases: int, seed: int, *, real: bool) -> dict[str, Any]:
    """The same cases over the line without and with losses. ``real``: the line really takes its time.

    ``bound_seconds``: three times what the bytes of the clean run take; ``arrived``: cases at the second device.
    """
    clean = _run(ground, CLEAN_TOWN, cases, seed, lost_share=0.0, real=False)
    lossy = _run(ground, LOSSY_TOWN, cases, seed, lost_share=LOST_SHARE, real=real)
    return {
        "cases": cases,
        "arrived": lossy["arrived"],
        "bytes": clean["bytes"],
        "bytes_with_losses": lossy["bytes"],
        "requests": lossy["requests"],
        "seconds": round(lossy["seconds"], 1),
        "bound_seconds": round(3 * clean["bytes"] / BYTES_PER_SECOND, 1),
        "most_times_sent": lossy["most_times_sent"],
        "most_times_begun": lossy["most_times_begun"],
        "agreed": lossy["agreed"],
    }


def within_bounds(figures: dict[str, Any]) -> bool:
    """Everything arrived, in time, and nothing left whole a third time."""
    return bool(
        figures["arrived"] == figures["cases"]
        and figures["agreed"]
        and figures["seconds"] <= figures["bound_seconds"]
        and figures["most_times_sent"] <= 2
    )


def _run(ground: Ground, town: str, cases: int, seed: int, *, lost_share: float, real: bool) -> dict[str, Any]:
    first, second = ground.device(town), ground.device(town)
    first.fill(cases, seed)
    with open_county(ground.county.home) as county:
        key = county.keys.exchange
    line = LineTime(BYTES_PER_SECOND, real)
    sent: Counter[str] = Counter()
    begun: Counter[str] = Counter()
    agreed, began = True, line.now()
    with slow_proxy(ground.county.port, line, lost_share, seed) as proxy:
        for device in (first, second):
            transport = WatchedTransport(device, proxy, key)
            desk = device.desk
            report = run_exchange(desk.store.sync, desk.link(), transport, now_ms=desk.clock, clock=line.clock())
            transport.close()
            sent += transport.sent
            begun += transport.begun
            agreed = agreed and bool(report.agreed) and not report.unsent
    seconds = line.now() - began
    arrived = second.desk.store.reading.count("Case")
    for device in (first, second):
        device.office.close()
    return {
        "bytes": proxy.passed, "seconds": seconds, "arrived": arrived, "agreed": agreed,
        "requests": dict(proxy.fates), "most_times_sent": max(sent.values()),
        "most_times_begun": max(begun.values()),
    }  # fmt: skip
