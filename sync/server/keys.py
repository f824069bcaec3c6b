"""Make a county's keys, its TLS certificate and its key card."""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.protocol.key_card import KeyCard, sign_key_card
from sync.protocol.keys import exchange_public, generate_exchange_key, generate_signing_key, signing_public
from sync.protocol.messages import PROTOCOL_VERSION
from sync.server.home import CountyKeys

CERTIFICATE_DAYS = 30 * 365
"""Devices trust the very certificate of the key card and ignore its dates; browsers and probes do not."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM of a private key and of its self-signed certificate."""

    key: bytes
    certificate: bytes


def make_keys() -> CountyKeys:
    """Fresh secrets."""
    return CountyKeys(
        root=generate_signing_key(),
        exchange=generate_exchange_key(),
        signing=generate_signing_key(),
        store=secrets.token_bytes(32),
        database_password=secrets.token_hex(24),
    )


def make_certificate(county: str, url: str, now_ms: int) -> Certificate:
    """A self-signed certificate for the host of ``url``, the machine itself and its loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"liandong {county}")])
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName(_alternative_names(url)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    made = builder.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Certificate(pem, made.public_bytes(serialization.Encoding.PEM))


def _alternative_names(url: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    host = urlsplit(url).hostname
    if host and host not in ("localhost", "127.0.0.1"):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names


def make_card(
    keys: CountyKeys,
    *,
    county: str,
    county_name: str,
    url: str,
    certificate: bytes,
    identity_public: bytes,
    recovery_keys: tuple[bytes, ...],
    now_ms: int,
) -> bytes:
    """The county's first key card, signed by its root."""
    card = KeyCard(
        version=1,
        county=county,
        county_name=county_name,
        url=url,
        exchange_key=exchange_public(keys.exchange),
        signing_key=signing_public(keys.signing),
        tls_certificate=certificate,
        identity_key=identity_public,
        recovery_keys=recovery_keys,
        minimum_protocol=PROTOCOL_VERSION,
        issued_at=now_ms,
    )
    return sign_key_card(card, keys.root)
