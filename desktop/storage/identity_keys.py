"""Whether the key that identities are sealed under will reach the county, and which keys have to be sent once more.

A session's key travels in the change of the first identity sealed under it. Where that change is set apart, later
identities would wait for its release with a key nobody but this store holds.
"""

from desktop.storage.confirmed import REVISION
from desktop.storage.engine import Database
from desktop.storage.outbox import LYING_OVER
from sync.domain.ids import RecordId

_UNKNOWN = REVISION.replace("revision", "k.revision")
_APART = (
    f"{_UNKNOWN} = 0 AND EXISTS (SELECT 1 FROM outbox_state o CROSS JOIN pending p USING(sequence)"
    " WHERE o.state != 'settled' AND o.state = 'quarantined' AND p.id = k.id)"
)
_OVER_IT = f"FROM (SELECT k.dossier AS value) d {LYING_OVER} AND p.id = k.id"
_ON_THE_WAY = (
    f"EXISTS (SELECT 1 {_OVER_IT} JOIN outbox_state s ON s.sequence = p.sequence WHERE s.state != 'quarantined')"
)
_USED_ELSEWHERE = (
    f"EXISTS (SELECT 1 {_OVER_IT} WHERE EXISTS"
    " (SELECT 1 FROM record_complainant c WHERE c.key = k.id AND NOT EXISTS"
    "  (SELECT 1 FROM pending q WHERE q.sequence = p.sequence AND q.id = c.id)))"
)
_ONCE = f"(SELECT count(*) {_OVER_IT}) = 1"


def is_good(database: Database, key: str) -> bool:
    """False for a key whose record was never saved, or was set apart with the change that brought it."""
    sql = f"SELECT 1 FROM record_identity_key k WHERE k.id = ? AND NOT ({_APART} AND NOT {_ON_THE_WAY})"
    return database.one(sql, (key,)) is not None


def keys_to_send(database: Database) -> list[RecordId]:
    """Keys set apart with a change while identities of other changes lie under them, and not sent alone before."""
    found = database.run(f"SELECT k.id FROM record_identity_key k WHERE {_APART} AND {_ONCE} AND {_USED_ELSEWHERE}")
    return [RecordId(row[0]) for row in found]
