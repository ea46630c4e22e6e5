"""Gets a certificate by a one-time token, as `bpctl login --token` does: PROTOCOL.md 8.7.

    login.py tls://HOST:PORT TOKEN FILE

TOKEN is of `bpctl token --role client`. FILE is what `BPROC_IDENTITY` of run.py, and `identity` of every client, names.
"""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import sys

from bproc_tls import dial_tls, shown_authority, trust_in
from bproc_wire import BprocError, Link, Type, decode
from control_pb2 import Control
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from join_pb2 import Join, Joined
from session_pb2 import ROLE_CLIENT


async def ask(link: Link, join: Join) -> Joined:
    """The one exchange of somebody who has no certificate."""
    link.control(join=join)
    while True:
        frame = await link.receive()
        message = decode(Control, frame.payload) if frame.type == Type.CONTROL else Control()
        if message.WhichOneof('body') == 'joined':
            return message.joined


async def login(address: str, token: str, file: str) -> None:
    prefix, key_hash, number, secret = [*token.split('.'), '', '', '', ''][:4]
    if prefix != 'BP1' or len(key_hash) != 64:
        raise BprocError('EINVAL', 'that is no token')
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    # compared with what the token says before anything is sent; then the master has to show that it is of this CA
    context = trust_in(await shown_authority(address, key_hash))
    link = Link(*await dial_tls(address, context))
    try:
        joined = await ask(
            link,
            Join(
                request=request.public_bytes(Encoding.DER),
                token=number,
                secret=base64.urlsafe_b64decode(secret),
                role=ROLE_CLIENT,
            ),
        )
    finally:
        await link.close()
    if joined.HasField('failure'):
        raise BprocError(joined.failure.code, joined.failure.message)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    text += ssl.DER_cert_to_PEM_cert(joined.certificate) + ssl.DER_cert_to_PEM_cert(joined.authority)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as out:
        out.write(text)


if __name__ == '__main__':
    try:
        asyncio.run(login(*sys.argv[1:4]))
    except (BprocError, OSError) as error:
        sys.exit(f'login.py: {error}')
