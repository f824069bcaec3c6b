"""The county's tables as SQLAlchemy sees them; the migrations make them."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, MetaData, SmallInteger, Table, Text, false
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _number(*names: str) -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


def _bytes(*names: str) -> list[Column[bytes]]:
    return [Column(name, LargeBinary, nullable=False) for name in names]


county = Table(
    "county", metadata, *_text("code", "name", "epoch"), *_number("position", "log_number", "made_at"),
    *_bytes("log_hash"),
)  # fmt: skip
device = Table(
    "device", metadata, *_text("county", "id", "unit", "block", "role", "user_name", "ticket"),
    Column("roles", ARRAY(Text), nullable=False), *_bytes("signing_key", "exchange_key", "last_hash"),
    *_number("enrolled_at", "unbroken", "read_to"), Column("revoked_at", BigInteger), Column("seen_at", BigInteger),
    Column("waiting", Boolean, nullable=False),
    Column("acknowledged", BigInteger, nullable=False, server_default="0"),
    Column("serials", Text, nullable=False, server_default=""),
)  # fmt: skip
ticket = Table(
    "ticket", metadata, *_text("county", "id", "unit", "name"), Column("roles", ARRAY(Text), nullable=False),
    *_bytes("secret"), *_number("expires", "made_at"), Column("confirm", Boolean, nullable=False),
    Column("device", Text), Column("request_hash", LargeBinary),
)  # fmt: skip
unit_identity = Table("unit_identity", metadata, *_text("county", "unit", "device"), *_bytes("public_key"))
change_log = Table(
    "change_log", metadata, *_text("county", "change", "device", "unit", "outcome", "reason"),
    *_number("number", "sequence", "position", "received_at"), *_bytes("hash", "chain"),
)  # fmt: skip
change_body = Table("change_body", metadata, *_text("county", "change"), *_bytes("sealed"))
"""Bodies of single changes, as earlier versions kept them."""
change_batch = Table("change_batch", metadata, *_text("county"), *_number("first", "last"), *_bytes("sealed"))
"""Bodies of the changes of one transaction: those of the log's lines ``first`` to ``last``."""
record = Table(
    "record", metadata, *_text("county", "kind", "id", "dossier", "owner", "unit", "device"), *_number("revision"),
    *_bytes("hash", "body"), Column("status", Text), Column("holder", Text),
    *(Column(name, Boolean, nullable=False, server_default=false()) for name in ("in_unit_feed", "in_county_feed")),
)  # fmt: skip
dossier = Table(
    "dossier", metadata, *_text("county", "id"), Column("units", ARRAY(Text), nullable=False),
    *_bytes("digest", "counts"),
)  # fmt: skip
feed = Table(
    "feed", metadata, *_text("county", "unit", "kind", "id", "dossier"), *_number("position"),
    Column("mark", SmallInteger, nullable=False),
)  # fmt: skip
unit_state = Table("unit_state", metadata, *_text("county", "unit"), *_bytes("digest", "counts"))
foreign_number = Table("foreign_number", metadata, *_text("county", "unit", "number"))
held = Table(
    "held", metadata, *_text("county", "device", "change"), *_number("sequence", "received_at"), *_bytes("sealed")
)
quarantined_envelope = Table(
    "quarantined_envelope", metadata, *_text("county", "device", "reason"), *_bytes("hash", "sealed"),
    *_number("received_at"),
)  # fmt: skip
