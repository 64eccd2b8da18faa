"""A certificate authority of our own, minting one certificate per host as TLS clients name it (SNI, RFC 6066).

Rule: keys live in the state folder and nowhere else; validity is fixed, so that no clock is read. The extensions
are those that Python 3.13's strict verification asks for (RFC 5280, 4.2.1).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
import threading
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Authority"]

_VALID_FROM: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_VALID_TO: Final = dt.datetime(2049, 12, 31, tzinfo=dt.UTC)


class Authority:
    """Trusted through `ca_path`; gives a server context for any host."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._signed_by_itself()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.ca_path = state / "ca.pem"
        self.ca_path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str) -> ssl.SSLContext:
        """The server side of TLS for `host`, minted at first use."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._minted(host)
            return self._contexts[host]

    def _minted(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(host, key.public_key())
        path = self._state / f"{hashlib.sha256(host.encode()).hexdigest()[:16]}.pem"
        path.write_bytes(_private_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _signed_by_itself(self) -> x509.Certificate:
        name = _name("Citehound loopback authority")
        public = self._key.public_key()
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            _builder(name, name, public)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _signed(self, host: str, public: ec.EllipticCurvePublicKey) -> x509.Certificate:
        issuer = self._key.public_key()
        return (
            # A common name holds 64 characters at most; clients read the alternative names.
            _builder(_name(host[:64]), self._certificate.subject, public)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_TO)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
