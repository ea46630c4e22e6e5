"""The two ends of a process's byte streams: PROTOCOL.md section 5. They send through functions they are given."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

PIECE_BYTES = 64 * 1024


class Piece(NamedTuple):
    """Bytes of a stream with the offset of the first."""

    offset: int
    data: bytes
    fin: bool


class Output:
    """What a process writes on stdout or stderr. `async for chunk in output`, or `await output.read()`."""

    def __init__(self, window: int, credit: Callable[[int, int, bool], None], stop: Callable[[], None]) -> None:
        self.arrived = 0  # bytes, in order
        self.excess = 0  # bytes that came beyond the credit given; 0 with a master that keeps the protocol
        self.stopped = False
        self._window = window
        self._limit = window
        self._taken = 0
        self._ended = False
        self._asked = False  # whether a REWIND is under way
        self._chunks: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self._send_credit = credit
        self._send_stop = stop

    @property
    def waiting(self) -> int:
        """Bytes that are here and that nobody has read."""
        return self.arrived - self._taken

    async def read(self) -> bytes:
        """The next bytes; b'' at the end."""
        while not self._chunks:
            if self._error is not None:
                raise self._error
            if self._ended or self.stopped:
                return b''
            self._news.clear()
            await self._news.wait()
        chunk = self._chunks.popleft()
        self._taken += len(chunk)
        if not self._ended and self._taken + self._window - self._limit >= self._window // 4:
            self._credit(rewind=False)
        return chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await self.read():
            yield chunk

    def close(self) -> None:
        """Wants no more of it: the process gets EPIPE or SIGPIPE [PROTOCOL 5.5]."""
        if not self._ended:
            self.stopped = True
            self._news.set()
            self._send_stop()

    def receive(self, piece: Piece) -> None:
        """Takes of a piece what is new, next and within the credit [PROTOCOL 5.2]."""
        if self._ended or self.stopped:
            return
        offset, data, fin = piece
        if offset > self.arrived:
            # One REWIND for all that was under way; an empty piece without FIN says that more was lost since.
            if not self._asked or not (data or fin):
                self._credit(rewind=True)
            return
        fresh = data[self.arrived - offset :]
        taken = fresh[: max(0, self._limit - self.arrived)]
        self.excess += len(fresh) - len(taken)
        if taken:
            self._chunks.append(taken)
            self.arrived += len(taken)
            self._asked = False
        if fin and offset + len(data) == self.arrived:
            self._ended = True
            self._credit(rewind=False)
        self._news.set()

    def restart(self) -> None:
        """Tells the sender, which may have missed something, how far this end is [PROTOCOL 5.3]."""
        if self.stopped:
            self._send_stop()
        else:
            self._credit(rewind=True)

    def end(self, error: Exception | None = None) -> None:
        """Nothing more comes."""
        self._ended = True
        self._error = error
        self._news.set()

    def has(self, count: int) -> bool:
        """Whether this many bytes have arrived, or nobody wants them."""
        return self.stopped or self.arrived >= count

    def _credit(self, *, rewind: bool) -> None:
        self._asked = rewind or self._asked
        self._limit = self._taken + self._window
        # the end counts as one byte after the last
        self._send_credit(self.arrived + self._ended, self._limit, rewind)


class Input:
    """What a process reads on stdin. It keeps what is not acknowledged, so that it can be sent again."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._kept = bytearray()
        self._base = 0  # offset of the first byte kept
        self._next = 0  # offset of the next byte to send
        self._limit = 0
        self._window = 0
        self._closed = False
        self._fin_sent = False
        self._held = False
        self._stopped: Exception | None = None
        self._news = asyncio.Event()
        self._work = work

    async def write(self, data: bytes) -> None:
        """Hands bytes over, and waits while the process does not read. Raises BrokenPipeError when it never will."""
        for start in range(0, len(data), PIECE_BYTES):
            while not self._stopped and len(self._kept) >= self._window:
                self._news.clear()
                await self._news.wait()
            if self._stopped:
                raise self._stopped
            self._kept += data[start : start + PIECE_BYTES]
            self._work()

    def close(self) -> None:
        """Nothing more comes: after what was written the process reads the end."""
        self._closed = True
        self._work()

    def open(self, window: int) -> None:
        """The process runs, and so much may be sent before its first credit."""
        self._window = self._limit = window
        self._news.set()
        self._work()

    def hold(self) -> None:
        """The connection is lost: nothing is sent on a new one before a REWIND [PROTOCOL 5.3]."""
        self._held = True

    def stop(self, error: Exception | None = None) -> None:
        """Nobody reads it any more."""
        self._stopped = self._stopped or error or BrokenPipeError('the process reads no more of its stdin')
        self._kept.clear()
        self._news.set()

    def credit(self, acked: int, limit: int, rewind: bool) -> None:
        """Takes what the receiver says of itself [PROTOCOL 5.2]."""
        end = self._base + len(self._kept)
        if self._stopped or acked > end + self._closed:
            return
        known = max(0, min(acked, end) - self._base)
        del self._kept[:known]
        self._base += known
        if rewind:
            self._held = False
            self._limit = limit
            self._next = self._base
            self._fin_sent = acked > end
        else:
            self._limit = max(self._limit, limit)
            self._next = max(self._next, self._base)
        self._news.set()
        self._work()

    def take(self) -> Piece | None:
        """The next piece that may be sent."""
        if self._held or self._stopped:
            return None
        start = self._next - self._base
        size = max(0, min(PIECE_BYTES, self._limit - self._next))
        data = bytes(self._kept[start : start + size])
        fin = self._closed and not self._fin_sent and start + len(data) == len(self._kept)
        if not data and not fin:
            return None
        piece = Piece(self._next, data, fin)
        self._next += len(data)
        self._fin_sent = self._fin_sent or fin
        return piece
