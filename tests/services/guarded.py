"""A profile whose county has custodians, and their part of a recovery."""

from dataclasses import replace
from pathlib import Path

import msgspec

from desktop.paths import ProfilePaths
from desktop.security.recovery import Whose, make_recovery
from desktop.security.slots import VaultSecrets
from desktop.security.vault import create_vault, fresh_data_key
from desktop.storage.store import Store
from sync.protocol.key_card import open_key_card, sign_key_card
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.server.custodians import CustodianFile
from sync.server.recovering import do_part
from tests.services.offices import PASSPHRASE, Keys, facts_of

HEAD, CLERK = "张明", "李芳"


class Custodians:
    """Three custodians with their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        privates = [generate_exchange_key() for _ in range(3)]
        self.publics = tuple(exchange_public(private) for private in privates)
        for number, private in enumerate(privates, 1):
            share = CustodianFile(1, "431021", number, private, {})
            self.share(number).write_bytes(msgspec.json.encode(share))

    def share(self, number: int) -> Path:
        return self.folder / f"custodian-{number}.recovery"

    def answer(self, request: bytes, code: str, first: int = 1, second: int = 3) -> tuple[bytes, str]:
        """Both parts; the answer's file and the word as it is read out."""
        source, step, answer = (self.folder / f"{name}-{first}-{second}" for name in ("request", "step", "answer"))
        source.write_bytes(request)
        do_part(source, self.share(first), step, lambda found: found == code)
        part = do_part(step, self.share(second), answer, lambda found: found == code, say=True)
        return answer.read_bytes(), part.word


def make_guarded(
    folder: Path, keys: Keys, custodians: Custodians, *, device: str = "0" * 32, first: bool = True
) -> Path:
    """A profile of 张明 (head of the unit); ``first``: it has the unit's identity key."""
    paths, data_key = ProfilePaths(folder), fresh_data_key()
    facts = replace(facts_of(keys), device=device, roles=("TOWN_CDI",))
    card = replace_recovery(facts.key_card, facts.root_fingerprint, keys, custodians)
    facts = replace(facts, key_card=card)
    Store.create(paths, data_key, facts).close()
    secrets = VaultSecrets(data_key, keys.unit_identity if first else None)
    recovery = make_recovery(Whose(facts.county, facts.unit, facts.unit_name, custodians.publics), secrets)
    create_vault(paths, HEAD, "TOWN_CDI", PASSPHRASE, secrets, iterations=1, recovery=recovery)
    return folder


def replace_recovery(card: bytes, root: bytes, keys: Keys, custodians: Custodians) -> bytes:
    """The key card with these custodians on it."""
    opened = open_key_card(card, root)
    return sign_key_card(msgspec.structs.replace(opened, recovery_keys=custodians.publics), keys.root)
