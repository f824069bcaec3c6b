"""The county's home folder: its facts, its keys (0600 in a 0700 folder), and where the embedded PostgreSQL lies.

``HOME/county.json`` facts · ``HOME/keys/`` secrets · ``HOME/postgres/`` the cluster. The keys' folder is no parent of
the database's, so the account that runs PostgreSQL never passes it.
"""

from pathlib import Path

import msgspec

from sync.domain.errors import Damaged, Refused
from sync.private_files import flush_folder, write_private

FORMAT_VERSION = 1


class HomeFacts(msgspec.Struct, frozen=True):
    """What ``county.json`` holds."""

    version: int
    county: str
    name: str
    url: str
    database_file: str = ""
    """File that holds the URL of a PostgreSQL of one's own; empty = the embedded one."""


class CountyKeys(msgspec.Struct, frozen=True):
    """The county's secrets. No identity private key is among them: the server can never read a complainant."""

    root: bytes
    exchange: bytes
    signing: bytes
    store: bytes
    database_password: str


class CountyHome:
    """A home folder. Reading raises Damaged ``county.no_home``, ``county.home_newer`` or ``county.home_damaged``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.keys_folder = self.folder / "keys"
        self.postgres_folder = self.folder / "postgres"
        self.tls_key = self.keys_folder / "tls.key"
        self.tls_certificate = self.keys_folder / "tls.pem"
        self._facts = self.folder / "county.json"
        self._unfinished = self.folder / "county.unfinished"

    def prepare(self, facts: HomeFacts) -> None:
        """Make the folders of a new county. Raises Refused ``county.home_taken`` where one is there already."""
        if self._facts.exists() or self.keys_folder.exists() or self.postgres_folder.exists():
            raise Refused("county.home_taken", home=self.folder)
        write_private(self._unfinished, msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")
        self.keys_folder.mkdir(mode=0o700)
        self.keys_folder.chmod(0o700)

    def write_keys(self, keys: CountyKeys) -> None:
        """Keep the secrets, each in a file of its own."""
        for name in keys.__struct_fields__:
            value = getattr(keys, name)
            write_private(self.keys_folder / name, value.encode() if isinstance(value, str) else value)

    def read_keys(self) -> CountyKeys:
        """The secrets."""
        values = {name: self._read_secret(name) for name in CountyKeys.__struct_fields__}
        return CountyKeys(
            root=values["root"],
            exchange=values["exchange"],
            signing=values["signing"],
            store=values["store"],
            database_password=values["database_password"].decode("ascii"),
        )

    def write_card(self, card: bytes) -> None:
        """Keep the signed key card."""
        write_private(self.keys_folder / "card", card)

    def read_card(self) -> bytes:
        """The signed key card."""
        return self._read_secret("card")

    def is_unfinished(self) -> bool:
        """Whether a home was begun here and not finished."""
        return self._unfinished.exists() and not self._facts.exists()

    def finish(self) -> None:
        """The last of ``init``: a home without its facts is none."""
        self._unfinished.replace(self._facts)
        flush_folder(self.folder)

    def forget_unfinished(self) -> None:
        """What was begun is cleared away."""
        self._unfinished.unlink(missing_ok=True)

    def read_facts(self) -> HomeFacts:
        """The facts."""
        try:
            data = self._facts.read_bytes()
        except OSError as error:
            raise Refused("county.no_home", home=self.folder) from error
        try:
            facts = msgspec.json.decode(data, type=HomeFacts)
        except msgspec.MsgspecError as error:
            raise Damaged("county.home_damaged", home=self.folder) from error
        if facts.version > FORMAT_VERSION:
            raise Refused("county.home_newer", home=self.folder)
        return facts

    def _read_secret(self, name: str) -> bytes:
        try:
            return (self.keys_folder / name).read_bytes()
        except OSError as error:
            raise Damaged("county.home_damaged", home=self.folder) from error
