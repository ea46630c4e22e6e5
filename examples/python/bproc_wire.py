"""Frames of the bproc protocol on one connection: PROTOCOL.md section 2.

The message classes (`control_pb2` and so on) are made from `proto/` by protoc; README.md beside this file says how.
"""

from __future__ import annotations

import asyncio
import struct
from enum import IntEnum
from typing import NamedTuple

from control_pb2 import Control
from google.protobuf.message import DecodeError
from session_pb2 import Failure

HEADER = struct.Struct('>IBBHIII')  # length, type, flags, reserved, stream, session, sequence
OFFSET = struct.Struct('>Q')
CREDIT = struct.Struct('>QQ')
PING = struct.Struct('>I')

FIN = 1  # flag of DATA
REWIND = 1  # flag of CREDIT

GREETING_BYTES = 4096  # longest payload before the session exists [PROTOCOL 2.4]
DATA_BYTES = 256 * 1024
MOST_BYTES = {1: 4 * 1024 * 1024, 2: DATA_BYTES + OFFSET.size}  # CONTROL, DATA
OTHER_BYTES = 1024
MOST_OFFSET = 2**53 - 2
CLOSING_SECONDS = 5


class Type(IntEnum):
    """Types of frames [PROTOCOL 2.2]; there may come others, which are skipped."""

    CONTROL = 1
    DATA = 2
    CREDIT = 3
    STOP = 4
    PING = 5
    PONG = 6
    CLOSE = 7


class BprocError(Exception):
    """Something failed: a code of [PROTOCOL 7.5] and a message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f'{code}: {message}')
        self.code = code


class Breach(BprocError):
    """The other side broke the protocol; its connection is closed with this reason [PROTOCOL 2.3]."""

    def __init__(self, message: str) -> None:
        super().__init__('EPROTO', message)


class Frame(NamedTuple):
    """A frame that is not for the link itself."""

    type: int
    flags: int
    stream: int
    payload: bytes


async def dial(address: str, identity: str | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connects; over TLS by the certificate in the file `identity`, which `bproc_login.py` or `bpctl login` has got."""
    scheme, _, rest = address.partition(':')
    if scheme == 'unix':
        return await asyncio.open_unix_connection(rest)
    if scheme != 'tls':
        raise BprocError('EINVAL', f'{address!r} is no address this client knows: unix:/path/of/master.sock or tls://host:port')
    if identity is None:
        raise BprocError('EINVAL', f'{address} takes a certificate: get one with login.py')
    from bproc_tls import dial_tls, trust_of  # needs a package that the rest does without

    return await dial_tls(address, trust_of(identity))


class Link:
    """One connection. It numbers and checks frames, answers PINGs, and notices when the other side falls silent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tag = 0  # of the session, once there is one [PROTOCOL 2.5]
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self._sent = 0
        self._expected = 0
        self._interval = 1.0  # seconds; each PING says it anew
        self._heard = False
        self._watch = asyncio.create_task(self._cut_when_silent())

    @classmethod
    async def open(cls, address: str, identity: str | None = None) -> Link:
        return cls(*await dial(address, identity))

    def send(self, kind: Type, payload: bytes = b'', *, stream: int = 0, flags: int = 0) -> None:
        """Sends a frame."""
        self._writer.write(HEADER.pack(len(payload), kind, flags, 0, stream, self.tag, self._sent) + payload)
        self._sent = (self._sent + 1) % 2**32

    def control(self, **body: object) -> None:
        """Sends a message: `control(hello=Hello(...))`."""
        self.send(Type.CONTROL, Control(**body).SerializeToString())

    async def drain(self) -> None:
        """Waits until what was sent has mostly left: whoever has much to send lets a PONG pass so [PROTOCOL 2.6]."""
        await self._writer.drain()

    async def receive(self) -> Frame:
        """The next CONTROL, DATA, CREDIT or STOP.

        Raises ConnectionError when the connection is over, and Breach when what came cannot be.
        """
        while True:
            length, kind, flags, _, stream, tag, sequence = HEADER.unpack(await self._take(HEADER.size))
            most = MOST_BYTES.get(kind, OTHER_BYTES) if self.tag else GREETING_BYTES
            if length > most:
                raise Breach(f'a frame of type {kind} announces {length} bytes, {most} are allowed')
            payload = await self._take(length)
            if tag != self.tag:
                raise Breach('a frame belongs to another session')
            ahead = (sequence - self._expected) % 2**32
            if ahead >= 2**31:
                continue  # it was here before
            if ahead > 0:
                raise Breach(f'{ahead} frames are missing before number {sequence}')
            self._expected = (self._expected + 1) % 2**32
            if kind in (Type.CONTROL, Type.DATA, Type.CREDIT, Type.STOP):
                return Frame(kind, flags, stream, payload)
            self._answer(kind, payload)

    def _answer(self, kind: int, payload: bytes) -> None:
        if kind == Type.PING:
            self._interval = unpack(PING, payload)[0] / 1000
            self.send(Type.PONG)
        elif kind == Type.CLOSE:
            failure = decode(Failure, payload)
            raise ConnectionAbortedError(f'the master closed the connection: {failure.code}: {failure.message}')

    async def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            data = await self._reader.read(DATA_BYTES)
            if not data:
                raise ConnectionResetError('the connection to the master is gone')
            self._heard = True
            self._buffer += data
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    async def _cut_when_silent(self) -> None:
        # Intervals are counted, not subtracted: if this program itself was stopped for minutes, that counts as one,
        # and what arrived meanwhile is read before the next [PROTOCOL 2.6].
        silent = 0
        while silent < 3:
            self._heard = False
            await asyncio.sleep(self._interval)
            silent = 0 if self._heard else silent + 1
        self._writer.transport.abort()

    async def close(self, reason: BprocError | None = None) -> None:
        """Says why, if there is a reason, and closes after all that was sent [PROTOCOL 2.7]."""
        self._watch.cancel()
        if reason is not None:
            self.send(Type.CLOSE, Failure(code=reason.code, message=str(reason)).SerializeToString()[:OTHER_BYTES])
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                    while await self._reader.read(DATA_BYTES):
                        pass
                self._writer.close()
                await self._writer.wait_closed()
        except OSError:  # it was gone already, or the time is over
            self._writer.transport.abort()


def unpack(layout: struct.Struct, payload: bytes) -> tuple[int, ...]:
    """The numbers a payload begins with; bytes after them are of a later minor version."""
    if len(payload) < layout.size:
        raise Breach('a frame is too short')
    return layout.unpack_from(payload)


def decode(message: type, payload: bytes):
    """A message out of its bytes."""
    try:
        return message.FromString(payload)
    except DecodeError as error:
        raise Breach(f'a {message.DESCRIPTOR.name} cannot be decoded') from error
