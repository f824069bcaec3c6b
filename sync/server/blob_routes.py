"""``PUT`` and ``GET /v1/blobs/HASH``: the wire's side of attachments' files."""

from sync.domain.errors import Damaged
from sync.protocol.blob_request import GET, MAX_PIECE_BYTES, PUT, encode_state, read_request
from sync.server.blobs import BlobFiles, grant
from sync.server.county import County, now_ms

LABEL = "/v1/blobs"
BODY_LIMIT = MAX_PIECE_BYTES


def answer_blob(county: County, method: str, name: str, header: str, body: bytes) -> bytes:
    """The body of the answer. Raises Damaged, Refused as ``sync.server.blobs``."""
    signed = read_request(header)
    if signed.request.method != method or signed.request.blob != name or method not in (GET, PUT):
        raise Damaged("blobs.request")
    granted = grant(county, signed, now_ms())
    files = BlobFiles(county.home.folder)
    if method == GET:
        return files.get(granted)
    return encode_state(files.put(granted, body))
