"""A process as its client has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bproc_streams import Input, Output
from bproc_wire import CREDIT, REWIND, BprocError, Type
from process_pb2 import End, Ended, Start, Target
from request_pb2 import Kill

if TYPE_CHECKING:
    from bproc_client import Client

WINDOW_BYTES = 1024 * 1024  # of each output: what may be under way or wait to be read


def fail(future: asyncio.Future, error: Exception) -> None:
    """Fails what may be settled already, and what nobody may be waiting for."""
    if not future.done():
        future.set_exception(error)
        future.exception()


class Process:
    """A process on a node. Its three descriptors are streams."""

    def __init__(self, client: Client, target: Target, start: Start) -> None:
        self.pid = 0  # until it is started
        self.local_pid = 0  # on its node
        self.target = target
        self.start = start  # as it is sent, and sent again
        self.sent = 0  # how often that was
        self.last_word: Ended | None = None
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self.stdin = Input(client.wake)
        self.stdout = self._output(1)
        self.stderr = self._output(2)
        self._client = client

    def _output(self, descriptor: int) -> Output:
        def credit(acked: int, limit: int, rewind: bool) -> None:
            flags = REWIND if rewind else 0
            self._client.send(Type.CREDIT, CREDIT.pack(acked, limit), stream=self.stream(descriptor), flags=flags)

        def stop() -> None:
            self._client.send(Type.STOP, stream=self.stream(descriptor))
            self._client.finish(self)  # this may have been all that was missing

        return Output(WINDOW_BYTES, credit, stop)

    def stream(self, descriptor: int) -> int:
        """The id of one of its streams [PROTOCOL 5.1]."""
        return self.pid * 4 + descriptor

    async def kill(self, signal: int) -> None:
        """Sends it a signal, by the number Linux gives it."""
        await self._client.request(kill=Kill(pid=self.pid, signal=signal))

    async def wait(self) -> End:
        """Its end, once all of its output has arrived: read the output meanwhile, or close what is not wanted."""
        return await asyncio.shield(self.ended)

    # What its client tells it

    @property
    def complete(self) -> bool:
        """Whether its end can be reported: all output is here, or nothing more comes."""
        word = self.last_word
        if word is None or self.ended.done():
            return False
        arrived = self.stdout.has(word.stdout_bytes) and self.stderr.has(word.stderr_bytes)
        return arrived or word.end.kind == End.KIND_LOST

    def finish(self) -> None:
        """It has ended as its last word says."""
        end = self.last_word.end
        self.ended.set_result(end)
        fail(self.started, BprocError('BE_SLAVEDIED', end.reason))
        self.stdin.stop()
        self.stdout.end()
        self.stderr.end()

    def over(self, reason: BprocError) -> None:
        """Nothing more will be heard of it."""
        fail(self.started, reason)
        fail(self.ended, reason)
        self.stdin.stop(reason)
        self.stdout.end(reason)
        self.stderr.end(reason)
