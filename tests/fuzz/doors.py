"""The county's HTTP routes called with what no honest client sends, through the application itself."""

import asyncio
import base64
import random
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import zstandard
from starlette.types import Message

from sync.client.enrolment import begin_enrolment
from sync.domain.errors import Damaged, LiandongError
from sync.protocol.blob_request import CONTEXT, HEADER, BlobRequest
from sync.protocol.carried import CarriedKind, write_carried
from sync.protocol.codec import decode_request
from sync.protocol.county_desk import ADMIT, LIST, TURN_AWAY, DeskRequest, DevicesRequest, file_hash, join_pieces
from sync.protocol.desk_blobs import BRING, LOOK, TAKE, BlobErrand
from sync.protocol.envelope import Purpose
from sync.protocol.held_desk import LET_GO, SEE, HeldRequest
from sync.protocol.keys import exchange_public, generate_exchange_key, sign
from sync.protocol.messages import Request, encode_message
from sync.protocol.ticket import decode_ticket
from sync.server.app import CountyApp
from sync.server.county import now_ms
from sync.server.tickets import TicketOrder, make_ticket
from tests.fuzz.hostile import TEXTS, spoil
from tests.fuzz.mutation import mutate_bytes, mutate_message
from tests.fuzz.siege import TOWN, Hostile, Siege

PATHS = (
    "/v1/exchange", "/v1/enrol", "/v1/county", "/v1/card", "/healthz", "/readyz", "/metrics", "/v1/blobs/" + "a" * 64,
    "/v1/blobs/", "/v1/blobs/../x", "/", "/v1", "//v1/exchange", "/v1/exchange/",
    "/v1/blobs/" + "%00" * 9, "/v1/county/devices", "/v1/county/held", "/v1/county/blobs",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "post", "", "X" * 40)
LENGTHS = (b"0", b"-1", b"99999999999999999999", b"1e3", b"", b"4, 5", b"\xff", b"12")
MOST_BODY = 60_000


class Broke(Exception):
    """The application answered as it must never do."""


@dataclass(slots=True)
class Call:
    """One request as the application gets it."""

    method: str
    path: str
    pieces: Sequence[bytes]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    hangs_up: bool = False


@dataclass(slots=True)
class Said:
    """How a hostile request ended."""

    status: int
    code: str = ""
    outcomes: dict[str, int] = field(default_factory=dict)


class Doors:
    """The application on the siege's county. Use as a context manager."""

    def __init__(self, siege: Siege) -> None:
        self._siege = siege
        self._app = CountyApp(siege.county).application()
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._kept: list[tuple[Hostile, bytes]] = []
        ticket = make_ticket(siege.county, TicketOrder(TOWN, ("TOWN_OFFICE",)), now_ms())
        self._pending = begin_enrolment(
            decode_ticket(ticket), "张明", "TOWN_OFFICE", exchange_public(generate_exchange_key()), now_ms()
        )

    def __enter__(self) -> "Doors":
        self._runner.run(self._stack.enter_async_context(self._app.router.lifespan_context(self._app)))
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def forget(self) -> None:
        """The county was put back: what was sent before is another life's."""
        self._kept = []

    def call(self, call: Call) -> tuple[int, bytes]:
        """Status and body. Raises whatever the application lets out, Broke for a status of 500 and above."""
        status, body = self._runner.run(self._call(call))
        if status >= 500:
            raise Broke(f"{call.method} {call.path[:30]} status {status}")
        return status, body

    async def _call(self, call: Call) -> tuple[int, bytes]:
        waiting: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in call.pieces]
        last: Message = {"type": "http.disconnect"} if call.hangs_up else {"type": "http.request", "body": b""}
        waiting.append(last)
        status, body = 0, b""

        async def receive() -> Message:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")

        path = call.path
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": call.method, "scheme": "https",
            "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": b"", "root_path": "",
            "headers": list(call.headers), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 9443),
        }  # fmt: skip
        await self._app(scope, receive, send)
        return status, body

    # Requests signed by an enrolled device -------------------------------------------------------------------------

    def spoiled_request(self, chance: random.Random) -> Said:
        """A request whose changes are spoiled, and then itself."""
        sender = chance.choice(self._siege.hostile)
        first = sender.sequence + 1
        bodies = [spoil(chance, sender.plain(chance), sender.known) for _ in range(chance.choice((0, 1, 1, 2)))]
        for body in bodies:
            sender.note(body)
        request = Request(
            1, sender.enrolled.device, TOWN, sender.epoch, chance.choice((0, 10**9)), tuple(bodies), first, now_ms(),
            chance.choice((0, 5, -1)) if chance.random() < 0.05 else 0,
        )  # fmt: skip
        payload = encode_message(request)
        if chance.random() < 0.8:
            payload = mutate_message(chance, payload)
        return self._exchange(sender, sender.enrolled.link().seal(payload), _changes_of(payload))

    def honest_request(self, chance: random.Random) -> Said:
        """A request with one spoiled change, and now and then the same once more."""
        sender = chance.choice(self._siege.hostile)
        first, body = sender.sequence + 1, spoil(chance, sender.plain(chance), sender.known)
        sender.note(body)
        envelope = sender.envelope([body], first)
        self._kept = [*self._kept[-30:], (sender, envelope)]
        return self._exchange(sender, envelope, [body])

    def spoiled_enrolment(self, chance: random.Random) -> Said:
        """An enrolment request of the holder of a true ticket, changed after its MAC was made."""
        opened = self._enrolment()
        link = self._enrolment_link()
        spoiled = mutate_message(chance, opened)
        if spoiled == opened:
            return Said(0)
        return self._post("/v1/enrol", link.seal(spoiled, Purpose.ENROL_REQUEST))

    def spoiled_desk(self, chance: random.Random) -> Said:
        """The county office hands over a carried file whose envelope holds spoiled changes; or spoils its request."""
        sender = chance.choice(self._siege.hostile)
        first, body = sender.sequence + 1, spoil(chance, sender.plain(chance), sender.known)
        sender.note(body)
        envelope = sender.envelope([body], first)
        carried = write_carried(CarriedKind.EXCHANGE_REQUEST, self._siege.county.code, [envelope])
        if chance.random() < 0.3:
            carried = mutate_bytes(chance, carried)
        office = self._siege.office if chance.random() < 0.9 else sender.enrolled
        request = encode_message(DeskRequest(1, office.device, now_ms(), file_hash(carried)))
        if chance.random() < 0.3:
            request = mutate_message(chance, request)
        pieces = [office.link().seal(request, Purpose.COUNTY_DESK_REQUEST), carried]
        said = self._post("/v1/county", join_pieces(pieces[: chance.choice((1, 2, 2, 2, 2))]))
        self._siege.resume(sender)
        return said

    def spoiled_errand(self, chance: random.Random) -> Said:
        """The county office, or a town in its place, asks about devices, what is held or files beside a stick, spoiled
        and sealed."""
        sender = chance.choice(self._siege.hostile)
        office = self._siege.office if chance.random() < 0.8 else sender.enrolled
        who, at, piece = office.device, now_ms(), chance.randbytes(chance.choice((0, 0, 9, 3_000)))
        if chance.random() < 0.3:
            act, role = chance.choice((SEE, LET_GO, "")), chance.choice(("COUNTY_OFFICE", "COUNTY_HEAD", "TOWN_CDI"))
            body = encode_message(HeldRequest(1, who, at, "何主任", role, act, sender.enrolled.device, "盘坏了"))
            path, purpose = "/v1/county/held", Purpose.COUNTY_HELD_REQUEST
        elif chance.random() < 0.5:
            act, role = chance.choice((LIST, ADMIT, TURN_AWAY, "")), chance.choice(("COUNTY_OFFICE", "TOWN_CDI"))
            body = encode_message(DevicesRequest(1, who, at, "何主任", role, act, sender.enrolled.device, "1"))
            path, purpose = "/v1/county/devices", Purpose.COUNTY_DEVICES_REQUEST
        else:
            headers = tuple(chance.choice(TEXTS) for _ in range(chance.randrange(4)))
            named = file_hash(piece) if chance.random() < 0.8 else b""
            act = chance.choice((LOOK, TAKE, BRING, ""))
            body = encode_message(BlobErrand(1, who, at, act, headers, chance.randrange(-9, 99), 10, named))
            path, purpose = "/v1/county/blobs", Purpose.COUNTY_BLOBS_REQUEST
        if chance.random() < 0.6:
            body = mutate_message(chance, body)
        envelope = office.link().seal(body, purpose)
        return self._post(path, join_pieces([envelope, piece] if piece else [envelope]))

    def spoiled_blob(self, chance: random.Random) -> Said:
        """A signed request about an attachment, spoiled and signed again."""
        sender, name = chance.choice(self._siege.hostile), "a" * 64
        request = BlobRequest(
            1, chance.choice(("PUT", "GET")), self._siege.county.code, sender.enrolled.device, name,
            chance.choice(sender.known.own)[1], 0, 10, bytes(32), now_ms(),
        )  # fmt: skip
        payload = mutate_message(chance, msgspec.msgpack.encode(request))
        parts = (payload, sign(sender.enrolled.signing_private, CONTEXT, payload))
        header = b".".join(base64.urlsafe_b64encode(part) for part in parts)
        if chance.random() < 0.1:
            header = mutate_bytes(chance, header)
        headers = ((HEADER.encode(), header),)
        body = [chance.randbytes(10)] if request.method == "PUT" else []
        return self._say(Call(request.method, "/v1/blobs/" + name, body, headers))

    def bomb(self, chance: random.Random) -> Said:
        """An envelope that grows when it is opened: up to the limit, beyond it, and deep."""
        sender = chance.choice(self._siege.hostile)
        big = chance.choice((b"\0" * (8 << 20), b"\x91" * 100_000, b"\xdd\x00\x0f\xff\xff" + b"\xc0" * (1 << 20)))
        link = sender.enrolled.link()
        return self._post("/v1/exchange", link.seal(big))

    # Anybody's -----------------------------------------------------------------------------------------------------

    def wrong_door(self, chance: random.Random) -> Said:
        """A good envelope at another route, or with another method."""
        sender = chance.choice(self._siege.hostile)
        envelope = sender.envelope([], sender.sequence + 1)
        return self._say(Call(chance.choice(METHODS), chance.choice(PATHS[1:]), [envelope]))

    def other_name(self, chance: random.Random) -> Said:
        """What one device signed under another's name."""
        sender, other = chance.sample(self._siege.hostile, 2)
        link = replace(sender.enrolled.link(), device=other.enrolled.device)
        request = Request(1, other.enrolled.device, TOWN, other.epoch, 0, (), 1, now_ms(), 5)
        said = self._post("/v1/exchange", link.seal(encode_message(request)))
        if said.status == 200:
            raise Broke("another device's name was believed")
        return said

    def replay(self, chance: random.Random) -> Said:
        """An envelope that came before: nothing new comes of it."""
        if not self._kept:
            return self.wrong_door(chance)
        sender, envelope = chance.choice(self._kept)
        status, body = self.call(Call("POST", "/v1/exchange", [envelope]))
        if status == 200:
            sender.open(body, envelope)
        return Said(status, "replay")

    def garbage(self, chance: random.Random) -> Said:
        """Any bytes in any pieces with any headers, cut short or not."""
        size = chance.choice((0, 1, 7, 200, 3_000, MOST_BODY))
        body = chance.randbytes(size)
        if chance.random() < 0.2:
            body = zstandard.compress(b"\0" * 100_000)
        cut = chance.randrange(len(body) + 1)
        headers = (
            (b"content-length", chance.choice(LENGTHS)),
            (HEADER.encode(), chance.choice(TEXTS).encode("utf-8", "replace")),
            (b"content-type", chance.randbytes(5)),
        )
        call = Call(
            chance.choice(METHODS), chance.choice(PATHS), [body[:cut], body[cut:]],
            headers[: chance.randrange(4)], hangs_up=chance.random() < 0.2,
        )  # fmt: skip
        return self._say(call)

    def giant(self, chance: random.Random) -> Said:
        """More than any route takes, piece by piece; the connection stays."""
        piece = chance.randbytes(1 << 16)
        path = chance.choice(("/v1/enrol", "/v1/blobs/" + "a" * 64, "/v1/exchange"))
        count = {"/v1/enrol": 4, "/v1/exchange": 330}.get(path, 20)
        said = self._say(Call("PUT" if "blobs" in path else "POST", path, [piece] * count))
        if said.status != 413:
            raise Broke(f"a giant got {said.status}")
        return said

    def _exchange(self, sender: Hostile, envelope: bytes, bodies: Sequence[bytes]) -> Said:
        status, body = self.call(Call("POST", "/v1/exchange", [envelope]))
        if status != 200:
            code = self._code(sender, body, envelope)
            self._siege.resume(sender)
            return Said(status, code)
        answer = sender.open(body, envelope)
        return Said(status, "", dict(self._siege.judge(sender, bodies, answer)))

    def _code(self, sender: Hostile, body: bytes, envelope: bytes) -> str:
        try:
            sender.open(body, envelope)
        except LiandongError as error:
            return error.code
        return "opened"

    def _post(self, path: str, body: bytes) -> Said:
        return self._say(Call("POST", path, [body]))

    def _say(self, call: Call) -> Said:
        status, _ = self.call(call)
        return Said(status, f"http {status}")

    def _enrolment(self) -> bytes:
        from sync.protocol.envelope import open_envelope
        from sync.protocol.keys import signing_public

        return open_envelope(
            self._pending.request,
            purpose=Purpose.ENROL_REQUEST,
            private_key=self._siege.county.keys.exchange,
            signer=signing_public(self._pending.signing_private),
        )

    def _enrolment_link(self) -> Any:
        link = self._siege.reader.link()
        return replace(
            link,
            device=self._pending.device,
            exchange_private=self._pending.exchange_private,
            signing_private=self._pending.signing_private,
        )


def _changes_of(payload: bytes) -> list[bytes]:
    try:
        return list(decode_request(payload).changes)
    except Damaged:
        return []


Door = Callable[[Doors, random.Random], Said]
DOORS: tuple[tuple[str, Door, int], ...] = (
    ("resealed request at the door", Doors.spoiled_request, 300),
    ("resealed change at the door", Doors.honest_request, 120),
    ("resealed enrolment at the door", Doors.spoiled_enrolment, 100),
    ("resealed desk request", Doors.spoiled_desk, 100),
    ("resealed desk errand", Doors.spoiled_errand, 80),
    ("resealed blob request at the door", Doors.spoiled_blob, 100),
    ("resealed bomb", Doors.bomb, 2),
    ("wrong door", Doors.wrong_door, 80),
    ("other name", Doors.other_name, 50),
    ("replay", Doors.replay, 30),
    ("garbage", Doors.garbage, 180),
    ("giant", Doors.giant, 1),
)
"""Name, what to do, and how often of a thousand or so; ``resealed``: an enrolled device signed a spoiled body."""
