"""All tables: one per declared kind, its columns derived from the declaration, and the store's own books.

Indexes are by hand: each serves a list, a filter or a look-up of the screens.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.types import TypeEngine

from desktop.storage.row_codec import fields_of, table_name
from sync.domain.declarations import FieldType
from sync.domain.records import KINDS

METADATA = MetaData()

_TYPES: dict[FieldType, TypeEngine[Any]] = {
    FieldType.INSTANT: BigInteger(),
    FieldType.INTEGER: BigInteger(),
    FieldType.BOOLEAN: BigInteger(),
    FieldType.ITEMS: LargeBinary(),
    FieldType.BYTES: LargeBinary(),
}

COMPUTED = ("status", "holder", "due", "due_rule")
"""Columns of a case that are computed from its dossier, never typed, never sent."""

_INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Case": (
        ("status", "created_at", "id"),
        ("holder", "created_at", "id"),
        ("unit", "created_at", "id"),
        ("village", "created_at", "id"),
        ("number",),
        ("external_number",),
    ),
    "Visit": (("village", "started_at", "id"), ("unit", "created_at", "id"), ("number",)),
    "Finding": (("case",),),
    "Reception": (("unit", "created_at", "id"), ("number",)),
    "Accused": (("name",),),
    "DocumentNumber": (("unit", "year", "serial"), ("case",)),
    "OrgUnit": (("code",), ("parent", "code")),
    "Staff": (("unit", "name"),),
    "Attachment": (("about",),),
    "Print": (("about",),),
    "Void": (("target",),),
    "Correction": (("target",),),
    "AccessEntry": (("case",),),
    "Conflict": (("target",),),
    "Quarantine": (("change",),),
}


LISTED: dict[str, tuple[str, ...]] = {
    "Case": (*("unit", "author", "source_channel", "nature", "problem_tag", "village", "secrecy", "status", "holder"),),
    "Visit": ("unit", "author", "village", "contact_mode"),
    "Reception": ("unit", "author", "contact_mode", "secrecy", "dossier"),
    "Finding": ("unit", "author", "outcome", "problem_tag", "dossier"),
    "Interview": ("unit", "author", "dossier"),
    "ReturnVisit": ("unit", "author", "dossier"),
    "Rating": ("unit", "author", "dossier"),
    "Attachment": ("unit", "author", "dossier"),
}
"""What lists are filtered by: these columns stand behind the order in its index, so that a rare value is found without
reading the rows that do not have it."""


def listed_index(kind: str, order: str) -> str:
    """The index of :data:`LISTED` that serves an order (``created_at``, for cases also ``due``); empty: none does."""
    served = ("created_at", "due") if kind == "Case" else ("created_at",)
    return f"ix_{table_name(kind)}_listed_{order}" if kind in LISTED and order in served else ""


def sought_alone(kind: str, order: str) -> frozenset[str]:
    """Columns one value of which an index leads to, in the order asked for."""
    return frozenset(columns[0] for columns in _INDEXES.get(kind, ()) if columns[1:2] == (order,))


def _column(name: str, kind: FieldType) -> Column[Any]:
    return Column(name, _TYPES.get(kind, Text()))


def _record_table(kind: str) -> Table:
    table = Table(
        table_name(kind),
        METADATA,
        Column("id", Text, primary_key=True),
        Column("dossier", Text, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("hash", LargeBinary),
        Column("county_state", LargeBinary),
        Column("extra", LargeBinary),
        *(_column(field.name, field.facet.type) for field in fields_of(kind)),
        *(Column(name, Text) for name in (COMPUTED if kind == "Case" else ())),
    )
    plain = (("dossier",), *_INDEXES.get(kind, ()))
    for columns in plain if kind in LISTED else (("created_at", "id"), *plain):
        Index(f"ix_{table.name}_{'_'.join(columns)}", *(table.c[name] for name in columns))
    Index(f"ix_{table.name}_made_here", table.c.revision, sqlite_where=table.c.revision < text("0"))
    if kind in ("Case", "Reception"):
        Index(f"ix_{table.name}_sealed", table.c.dossier, sqlite_where=table.c.secrecy == text("'SEALED'"))
    if kind == "Case":
        answered = (table.c[name] for name in ("replied_at", "received_at", "nature", "secrecy", "author", "id"))
        Index(f"ix_{table.name}_answered", *answered, sqlite_where=table.c.replied_at.is_not(None))
    if kind == "Void":
        renumbered = (table.c[name] for name in ("unit", "created_at", "id", "dossier", "number"))
        Index(f"ix_{table.name}_renumbered", *renumbered, sqlite_where=table.c.target_kind == text("'Number'"))
    if kind == "Step":
        Index(f"ix_{table.name}_joint", table.c.dossier, sqlite_where=table.c.step == text("'CO_UNIT'"))
        Index(f"ix_{table.name}_named", table.c.to_person, table.c.dossier, sqlite_where=table.c.to_person.is_not(None))
    for order in ("created_at", "due"):
        if name := listed_index(kind, order):
            wide = [table.c[column] for column in (order, "id", *LISTED[kind])]
            Index(name, *wide, sqlite_where=table.c.due.is_not(None) if order == "due" else None)
    return table


RECORD_TABLES = {kind: _record_table(kind) for kind in KINDS}
"""The table of each declared kind."""

RAW_RECORD = Table(
    "raw_record",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("dossier", Text, nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("fields", LargeBinary, nullable=False),
)
"""Records of kinds this version does not know, and bodies it cannot read; migrated when it does."""

OUTBOX_BODY = Table(
    "outbox_body",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("change_id", Text, nullable=False, unique=True),
    Column("body", LargeBinary),
    Column("packed", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""Every change of this device. ``packed`` = 1: the body is zstd-compressed; no body: expunged."""

OUTBOX_STATE = Table(
    "outbox_state",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("sent_at", BigInteger),
    Column("settled_at", BigInteger),
    Column("outcome", Text),
    Column("reason", Text),
    Column("effect_position", BigInteger),
    Index("ix_outbox_state_open", "state", "sequence", sqlite_where=text("state != 'settled'")),
    Index("ix_outbox_state_settled_at", "settled_at", sqlite_where=text("settled_at IS NOT NULL")),
)
"""What became of it: apart from the body, which is not written again for that."""

OUTBOX_SQL = (
    "CREATE VIEW outbox AS SELECT sequence, change_id, body, packed, hash, state, sent_at, settled_at, outcome, "
    "reason, effect_position FROM outbox_body JOIN outbox_state USING(sequence)"
)
"""Both, for reading."""

PENDING = Table(
    "pending",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("operation", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("dossier", Text, nullable=False),
    Column("creates", BigInteger, nullable=False),
    Column("hash", LargeBinary),
    Index("ix_pending_edits", "sequence", sqlite_where=text("creates = 0")),
    sqlite_with_rowid=False,
)
"""Operations that the county state held here does not contain yet. ``hash``: see ``outbox.Line``."""

CONFIRMED = Table(
    "confirmed",
    METADATA,
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("shift", BigInteger, nullable=False),
)
"""See :mod:`desktop.storage.confirmed`."""

OUTBOX_DOSSIER = Table(
    "outbox_dossier",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
)
"""Which changes speak of a dossier: their bodies go when it is withdrawn."""

META = Table("meta", METADATA, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))

COUNTERS = Table(
    "counters",
    METADATA,
    Column("block", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", BigInteger, nullable=False),
)
"""Last serial given out, by number block and year."""

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("user", Text, primary_key=True),
    Column("screen", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("dossier", Text, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
)

WITHDRAWN = Table("withdrawn", METADATA, Column("dossier", Text, primary_key=True))
"""Dossiers the unit may no longer see that wait until their unsent changes are acknowledged."""

REPAIR = Table("repair", METADATA, Column("kind", Text, primary_key=True), Column("id", Text, primary_key=True))
"""Records whose county state is known to differ here."""

UNCONFIRMED = Table(
    "unconfirmed", METADATA, Column("kind", Text, primary_key=True), Column("id", Text, primary_key=True)
)
"""After the county was restored: records it has not shown again yet."""

BLOB_UPLOAD = Table(
    "blob_upload",
    METADATA,
    Column("blob", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)
"""Ciphertext made here that the county lacks; a withdrawal leaves the line until the file is handed over."""

SEARCH_DOC = Table(
    "search_doc",
    METADATA,
    Column("doc", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("dossier", Text, nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_search_doc_created_at", "created_at", "doc"),
)

SEARCH_QUEUE = Table(
    "search_queue",
    METADATA,
    Column("entry", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
)
"""Records whose text is not indexed yet, in the order they came; one may stand here twice."""

LOOKUP = Table(
    "lookup",
    METADATA,
    Column("entry", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False, index=True),
    Index("ix_lookup_key", "kind", "key"),
)
"""Directory by code, by any tail of the name, and by pinyin initials of any tail."""

SEARCH_TERMS_SQL = (
    "CREATE VIRTUAL TABLE search_terms USING fts5("
    "text, content='search_doc', content_rowid='doc', detail=none, tokenize=\"unicode61 remove_diacritics 0\")",
    "INSERT INTO search_terms(search_terms, rank) VALUES('secure-delete', 1)",
)
"""Made by hand: SQLAlchemy knows no virtual tables. The terms are the bigrams of ``search_doc.text``."""
