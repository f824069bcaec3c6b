"""Serve the county's desk with files beside a stick: a town's signed requests are judged here, pieces come and go."""

from sync.domain.errors import Damaged, Refused
from sync.protocol.blob_note import sign_receipt
from sync.protocol.blob_request import CARRY, GET, MAX_PIECE_BYTES, read_request
from sync.protocol.county_desk import file_hash, join_pieces, split_pieces
from sync.protocol.desk_blobs import BRING, LOOK, MOST_HEADERS, TAKE, BlobErrand, BlobStand, BlobsTold
from sync.protocol.envelope import Purpose
from sync.protocol.messages import PROTOCOL_VERSION, encode_message
from sync.server.blobs import BlobFiles, Granted, grant
from sync.server.county import County
from sync.server.desk_door import open_desk, seal_desk


def answer_errand(county: County, body: bytes) -> bytes:
    """Answer one errand of a device of the county's own unit.

    Raises Damaged ``envelope.*``, ``blobs.*``; Refused ``exchange_refusals.*``, ``desk.*``, ``blobs.*``.
    """
    envelope, *pieces = split_pieces(body)
    sender, errand = open_desk(county, envelope, Purpose.COUNTY_BLOBS_REQUEST, BlobErrand)
    piece = _piece_of(errand, pieces)
    told, brought = _do(county, errand, piece)
    sealed = seal_desk(county, sender, envelope, Purpose.COUNTY_BLOBS_ANSWER, encode_message(told))
    return join_pieces([sealed, *brought])


def _piece_of(errand: BlobErrand, pieces: list[bytes]) -> bytes:
    piece = b"".join(pieces)
    named = file_hash(piece) if pieces else b""
    if len(pieces) > 1 or len(piece) > MAX_PIECE_BYTES or errand.piece_hash != named:
        raise Refused("desk.other_file")
    return piece


def _do(county: County, errand: BlobErrand, piece: bytes) -> tuple[BlobsTold, list[bytes]]:
    files = BlobFiles(county.home.folder)
    if errand.act == LOOK and len(errand.headers) <= MOST_HEADERS:
        return _look(county, files, errand.headers), []
    if len(errand.headers) != 1 or errand.offset < 0:
        raise Damaged("blobs.request")
    granted = grant(county, read_request(errand.headers[0]), None)
    method = granted.request.method
    if errand.act == TAKE and method == CARRY:
        files.take(granted, errand.offset, (piece,))
        return BlobsTold(PROTOCOL_VERSION, (_stand(files, granted),)), []
    if errand.act == BRING and method == GET:
        brought = files.read(granted, errand.offset, errand.length)
        return BlobsTold(PROTOCOL_VERSION, (_stand(files, granted),), b"", file_hash(brought)), [brought]
    raise Damaged("blobs.request")


def _look(county: County, files: BlobFiles, headers: tuple[str, ...]) -> BlobsTold:
    """A note is one device's; what another signed in it gets no receipt."""
    stands: list[BlobStand] = []
    device, have = "", []
    for header in headers:
        try:
            granted = grant(county, read_request(header), None)
        except Refused as error:
            stands.append(BlobStand("", "", 0, 0, False, error.code))
            continue
        stand = _stand(files, granted)
        stands.append(stand)
        device = device or granted.request.device
        if stand.complete and granted.request.device == device:
            have.append(stand.blob)
    receipt = sign_receipt(county.code, device, have, county.keys.signing) if device else b""
    return BlobsTold(PROTOCOL_VERSION, tuple(stands), receipt)


def _stand(files: BlobFiles, granted: Granted) -> BlobStand:
    state, request = files.state(granted), granted.request
    return BlobStand(request.method, request.blob, granted.bytes, state.have, state.complete)
