"""A client's life with its masters, over however many connections: PROTOCOL.md section 3."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from typing import Protocol

from bproc_wire import BprocError, Breach, Frame, Link, Type, decode
from control_pb2 import Control
from session_pb2 import ROLE_CLIENT, Epoch, Failure, Goodbye, Hello, Welcome

GIVE_UP_SECONDS = 60
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 2.0
ELSEWHERE = {'ESTALE', 'ECONNREFUSED'}  # refusals after which another master may soon be there [PROTOCOL 3.2]


class Failed(BprocError):
    """The other side says that something failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code or 'EIO', failure.message or 'no reason was given')


class User(Protocol):
    """What a session tells the side that uses it."""

    def attached(self, link: Link) -> None:
        """There is a connection: say again what has no answer."""

    def received(self, frame: Frame) -> None:
        """A frame has come."""

    async def pump(self, link: Link) -> None:
        """Send stream bytes as long as the connection lasts."""

    def detached(self) -> None:
        """The connection is lost."""

    def over(self, reason: BprocError) -> None:
        """There will be no other connection."""


class Session:
    """Finds the master and stays with it."""

    def __init__(self, address: str, majors: tuple[int, int], user: User, identity: str | None = None) -> None:
        self.connections = 0  # that were welcomed
        self._address = address
        self._identity_file = identity
        self._majors = majors
        self._user = user
        self._identity = os.urandom(16)
        self._seen = (0, 0)  # the newest epoch
        self._life: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Meets the master; raises OSError where nobody answers, and BprocError when it refuses."""
        self._life = asyncio.create_task(self._live(await self._meet()))
        await asyncio.sleep(0)  # lets it begin: cancelled before that it would leave the connection open

    async def close(self) -> None:
        """Leaves in order: GOODBYE, then the end of the connection."""
        self._life.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._life

    async def _live(self, link: Link) -> None:
        reason = BprocError('ECANCELED', 'the client was closed')
        try:
            while True:
                await self._serve(link)
                link = await self._return()
        except BprocError as error:
            reason = error
        finally:
            self._user.over(reason)

    async def _serve(self, link: Link) -> None:
        """Uses a connection until it is lost."""
        breach: BprocError | None = None
        pump = asyncio.create_task(self._user.pump(link))
        try:
            self._user.attached(link)
            while True:
                self._user.received(await link.receive())
        except OSError:
            pass  # it is lost; the next one goes on where this one was
        except Breach as error:
            breach = error
        except asyncio.CancelledError:
            link.control(goodbye=Goodbye(reason='the program is done'))
            raise
        finally:
            self._user.detached()
            pump.cancel()
            await link.close(breach)

    async def _meet(self) -> Link:
        link = await Link.open(self._address, self._identity_file)
        try:
            welcome = await self._greet(link)
        except BaseException as error:
            # a refusal needs no answer; a WELCOME that is declined does
            declined = isinstance(error, BprocError) and not isinstance(error, Failed)
            await link.close(error if declined else None)
            raise
        self._seen = welcome.epoch.generation, welcome.epoch.revision
        self.connections += 1
        return link

    async def _greet(self, link: Link) -> Welcome:
        lowest, highest = self._majors
        seen = Epoch(generation=self._seen[0], revision=self._seen[1])
        hello = Hello(major_min=lowest, major_max=highest, role=ROLE_CLIENT, identity=self._identity, seen=seen)
        link.control(hello=hello)
        while (frame := await link.receive()).type != Type.CONTROL:
            pass  # nothing else has a meaning yet
        answer = decode(Control, frame.payload)
        if answer.HasField('refuse'):
            raise Failed(answer.refuse.failure)
        if not answer.HasField('welcome') or answer.welcome.session == 0:
            raise Breach('the master answers HELLO with something else than a WELCOME')
        welcome = answer.welcome
        link.tag = welcome.session
        if not lowest <= welcome.major <= highest:
            raise Breach(f'the master chose version {welcome.major}; versions {lowest} to {highest} were offered')
        epoch = welcome.epoch.generation, welcome.epoch.revision
        if epoch < self._seen:
            raise BprocError('ESTALE', f'a master of epoch {epoch} answers, one of {self._seen} was seen before')
        return welcome

    async def _return(self) -> Link:
        """Looks for a master after a connection was lost."""
        pause = FIRST_PAUSE_SECONDS
        try:
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while True:
                    await asyncio.sleep(pause * random.uniform(0.5, 1))
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                    try:
                        return await self._meet()
                    except OSError:
                        continue  # nobody is there yet
                    except BprocError as error:
                        if error.code not in ELSEWHERE:
                            raise
        except TimeoutError:
            raise BprocError('ECONNRESET', f'no master was reachable for {GIVE_UP_SECONDS} s') from None
