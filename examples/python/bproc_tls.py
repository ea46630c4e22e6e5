"""TLS to a master, and who it is: PROTOCOL.md 8.5 and 8.6. Needs Debian's package python3-cryptography."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from urllib.parse import quote, urlsplit

from bproc_wire import BprocError
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DIAL_SECONDS = 15
END_OF_CERTIFICATE = '-----END CERTIFICATE-----\n'


def trust_of(identity: str) -> ssl.SSLContext:
    """Shows the certificate in a file, and trusts the CA in it: key, certificate and CA follow each other."""
    with open(identity, encoding='latin1') as file:
        certificates = file.read().split(END_OF_CERTIFICATE)[:-1]
    if len(certificates) != 2:
        raise BprocError('EINVAL', f'{identity} does not hold a certificate and its CA')
    context = trust_in(certificates[1][certificates[1].index('-----BEGIN CERTIFICATE') :] + END_OF_CERTIFICATE)
    context.load_cert_chain(identity)
    return context


def trust_in(authority: str | bytes | None) -> ssl.SSLContext:
    """Trusts one CA and no other; whom it meets, where there is none yet, is told nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # hosts' names are not compared with anything
    if authority is None:
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(cadata=authority)
    return context


async def dial_tls(
    address: str, context: ssl.SSLContext, domain: str = ''
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connects, and makes sure that a master of the domain is there before anything is sent."""
    at = urlsplit(address)
    async with asyncio.timeout(DIAL_SECONDS):
        reader, writer = await asyncio.open_connection(at.hostname, at.port, ssl=context)
    if context.verify_mode == ssl.CERT_REQUIRED:
        shown = x509.load_der_x509_certificate(writer.get_extra_info('ssl_object').getpeercert(binary_form=True))
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        if len(names) != 1 or not uris or not uris[0].startswith(f'bproc://{quote(domain, safe="")}/master/'):
            writer.transport.abort()
            raise BprocError('EPERM', f'who answers at {address} is no master: {uris}')
    return reader, writer


async def shown_authority(address: str, key_hash: str) -> bytes:
    """The CA that is shown there, in DER, if its key has this SHA-256."""
    _, writer = await dial_tls(address, trust_in(None))
    # public from Python 3.13 on
    chain = writer.get_extra_info('ssl_object')._sslobj.get_unverified_chain()
    writer.transport.abort()
    for each in chain:
        certificate = x509.load_pem_x509_certificate(each.public_bytes().encode())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if hashlib.sha256(key).hexdigest() == key_hash:
            return certificate.public_bytes(Encoding.DER)
    raise BprocError('EPERM', f'the token is of another cluster than that at {address}: nothing was sent to it')
