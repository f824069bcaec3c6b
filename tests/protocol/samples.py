"""One sound message of each kind, to be read back or spoiled."""

import msgspec
from msgspec.structs import replace

from sync.protocol.canonical import encode_fields
from sync.protocol.messages import (
    NO_HASH,
    Answer,
    Change,
    Entry,
    Mark,
    Operation,
    Outcome,
    Request,
    Result,
    encode_message,
)
from tests.protocol.keyring import TOWN

ID = "0123456789abcdef" * 2
FIELDS = msgspec.Raw(encode_fields({"title": "村务", "people": 3, "tags": ["a", "b"]}))
OPERATION = Operation("Case", ID, ID, "T", 0, True, FIELDS)
CHANGE = Change(ID, ID, 1, NO_HASH, TOWN, "张明", "INTAKE", 5, 0, 0, (OPERATION,))
REQUEST = Request(1, ID, TOWN, "e1", 0, (encode_message(CHANGE),), 1, 5, 100)
ENTRY = Entry(3, Mark.BODY, "Case", ID, ID, "T", 3, NO_HASH, bytes(FIELDS))
ECHO = replace(ENTRY, position=4, mark=Mark.ECHO, fields=None)
RESULT = Result(ID, 1, Outcome.ACCEPTED, "", 3)
ANSWER = Answer(1, NO_HASH, 9, "e1", 2, 4, 4, (RESULT,), (ENTRY, ECHO), 1, NO_HASH, NO_HASH, {"Case": 1}, b"")
