"""A store that writes a change in a role its device was never given."""

from pathlib import Path

from desktop.paths import ProfilePaths
from desktop.security.vault import open_vault
from desktop.storage.store import Store
from sync.domain.ids import new_record_id
from sync.domain.records import Visit
from sync.server.county import now_ms


def set_apart(profile: Path, passphrase: str) -> str:
    """A visit in the name of a county role; the id of its change."""
    paths = ProfilePaths(profile)
    unlocked = open_vault(paths, None, passphrase)
    store = Store.open(paths, unlocked.secrets.data_key)
    try:
        with store.work(unlocked.user, "COUNTY_OFFICE", now_ms()) as work:
            work.add(
                Visit(
                    id=new_record_id(), unit=store.facts.unit, created_at=now_ms(), author=unlocked.user,
                    contact_mode="SCREEN", started_at=now_ms(),
                )
            )  # fmt: skip
        return work.receipt.change_id
    finally:
        store.close()
