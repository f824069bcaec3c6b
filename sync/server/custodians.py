"""Recovery shares: each custodian gets a key of their own, and any two together open the county's identity key.

For every pair the secret is sealed to the second and that to the first, so one custodian alone opens nothing. The
public halves stand on the key card, so that backups and desktops can be sealed to the custodians in the same way.
"""

from pathlib import Path

import msgspec

from sync.domain.errors import Damaged, InvalidInput, Refused
from sync.private_files import write_private
from sync.protocol.keys import exchange_public, generate_exchange_key, open_sealed
from sync.protocol.limits import MIB
from sync.protocol.recovery import NEEDED, seal_pairs
from sync.server.files import read_named

MAX_CUSTODIANS = 9


class CustodianFile(msgspec.Struct, frozen=True):
    """What one custodian keeps offline. ``pairs``: "i-j" → secret sealed to j, then to i."""

    version: int
    county: str
    custodian: int
    private_key: bytes
    pairs: dict[str, bytes]


def write_shares(folder: Path | None, custodians: int, secret: bytes, county: str) -> tuple[bytes, ...]:
    """Write ``custodian-N.recovery`` files; the custodians' public keys (none without a folder).

    Raises InvalidInput ``county.custodians`` unless there are 2 to 9, and Refused ``county.file_exists`` where shares,
    of another county maybe, lie in the folder.
    """
    if folder is None:
        return ()
    if not NEEDED <= custodians <= MAX_CUSTODIANS:
        raise InvalidInput("county.custodians", field="custodians", limit=MAX_CUSTODIANS)
    if taken := next((path for path in _places(folder, MAX_CUSTODIANS) if path.exists()), None):
        raise Refused("county.file_exists", file=taken)
    privates = [generate_exchange_key() for _ in range(custodians)]
    publics = tuple(exchange_public(private) for private in privates)
    pairs = seal_pairs(publics, secret, _info(county))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, private in enumerate(privates, start=1):
        mine = {name: sealed for name, sealed in pairs.items() if str(number) in name.split("-")}
        share = CustodianFile(1, county, number, private, mine)
        write_private(_places(folder, number)[-1], msgspec.json.encode(share))
    return publics


def _places(folder: Path, custodians: int) -> list[Path]:
    return [folder / f"custodian-{number}.recovery" for number in range(1, custodians + 1)]


def open_pair(one: CustodianFile, other: CustodianFile, pairs: dict[str, bytes], info: bytes) -> bytes:
    """The secret two custodians open together. Raises Damaged ``seal.*`` or ``county.custodian_pair``."""
    first, second = sorted((one, other), key=lambda share: share.custodian)
    sealed = pairs.get(f"{first.custodian}-{second.custodian}")
    if sealed is None:
        raise Damaged("county.custodian_pair")
    return open_sealed(second.private_key, open_sealed(first.private_key, sealed, info), info)


def read_share(path: Path) -> CustodianFile:
    """A custodian's file. Raises Damaged ``county.custodian_file``."""
    try:
        return msgspec.json.decode(read_named(path, MIB), type=CustodianFile)
    except (Refused, msgspec.MsgspecError) as error:
        raise Damaged("county.custodian_file", file=path) from error


def recover_identity(one: CustodianFile, other: CustodianFile) -> bytes:
    """The county's identity private key."""
    return open_pair(one, other, one.pairs, _info(one.county))


def _info(county: str) -> bytes:
    return f"liandong/identity-recovery/v1/{county}".encode()
