"""A small county in memory that speaks real envelopes: it takes changes by id and gives a feed back."""

from dataclasses import dataclass, field

from sync.domain.errors import LiandongError
from sync.protocol.carried import CarriedKind, read_carried, write_carried
from sync.protocol.chaining import with_chain
from sync.protocol.codec import decode_bounded_change, decode_request
from sync.protocol.envelope import binding_of
from sync.protocol.keys import exchange_public
from sync.protocol.messages import (
    NO_HASH,
    Answer,
    Entry,
    Mark,
    Outcome,
    Request,
    Result,
    encode_message,
)
from sync.protocol.refusal import seal_refusal
from tests.protocol.keyring import Keyring

CLOCK = 1_785_000_000_000


@dataclass(slots=True)
class County:
    """The county's end for tests of the device's end. Also a Transport."""

    keys: Keyring
    epoch: str = "e1"
    key_card: bytes = b""
    refuse: LiandongError | None = None
    feed: list[Entry] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    """Id of change → feed position of its effect."""
    told: list[Result] = field(default_factory=list)
    """What became of each change, in the order of its coming."""
    requests: list[Request] = field(default_factory=list)
    page: int = 1000
    outcome: Outcome = Outcome.ACCEPTED

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/exchange"
        request = decode_request(self.keys.open_asked(body))
        self.requests.append(request)
        if self.refuse is not None:
            return seal_refusal(
                self.refuse,
                body,
                recipient_public=exchange_public(self.keys.device_exchange),
                device=self.keys.device,
                signing_key=self.keys.county_signing,
            )
        results = tuple(self._take(change) for change, _ in with_chain(request.changes))
        if not results and request.first_unacknowledged <= len(self.taken):
            results = tuple(self.told[request.first_unacknowledged - 1 :])
        return self.keys.answer(encode_message(self._page(request, results, body)), body)

    def accept(self, carried: bytes) -> bytes:
        """What the county's table does with a stick."""
        answers = [self.post("/v1/exchange", envelope) for envelope in read_carried(carried).envelopes]
        return write_carried(CarriedKind.EXCHANGE_ANSWER, "431021", answers)

    def add_record(self, number: int) -> None:
        """A record from elsewhere comes into the feed."""
        self._append(f"{number:032x}")

    def _take(self, body: bytes) -> Result:
        change = decode_bounded_change(body)
        if change.id not in self.taken:
            self._append(change.operations[0].id)
            self.taken[change.id] = len(self.feed)
            self.told.append(Result(change.id, change.sequence, self.outcome, "", self.taken[change.id]))
        return Result(change.id, change.sequence, self.outcome, "", self.taken[change.id])

    def _append(self, record: str) -> None:
        position = len(self.feed) + 1
        self.feed.append(Entry(position, Mark.ECHO, "Case", record, record, "T", position, NO_HASH, None))

    def _page(self, request: Request, results: tuple[Result, ...], envelope: bytes) -> Answer:
        most = len(self.feed) if request.want_entries < 0 else min(request.want_entries, self.page)
        entries = tuple(self.feed[request.position : request.position + most])
        end = request.position + len(entries)
        return Answer(
            version=1,
            request_hash=binding_of(envelope),
            county_time=CLOCK,
            epoch=self.epoch,
            from_position=request.position,
            to_position=end,
            head=len(self.feed),
            results=results,
            entries=entries,
            unbroken=len(self.taken),
            last_hash=NO_HASH,
            digest=NO_HASH if end >= len(self.feed) else None,
            counts={},
            key_card=self.key_card,
        )
