"""A client of bproc: starts processes on the nodes of a cluster and uses them. PROTOCOL.md sections 4 to 7."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import Sequence

from bproc_process import WINDOW_BYTES, Process, fail
from bproc_session import Failed, Session
from bproc_streams import Piece
from bproc_wire import CREDIT, FIN, MOST_OFFSET, OFFSET, REWIND, Breach, BprocError, Frame, Link, Type, decode, unpack
from control_pb2 import Control
from google.protobuf.message import Message
from process_pb2 import Claim, EndAck, Spec, Start, Target
from request_pb2 import ListNodes, ListProcesses, NodeRecord, ProcessRecord, Request, Resolve, Response, Terminate

KILL_GRACE_MS = 1000
STARTS_OF_A_NODE = 32  # without an answer [PROTOCOL 4.1]
ABOUT_PROCESSES = {'started', 'start_failed', 'boot_miss', 'change', 'ended'}


class Client:
    """`async with Client('unix:/path') as bp:`. Connections may break meanwhile: no byte and no end is lost by that."""

    def __init__(self, address: str, majors: tuple[int, int] = (1, 1), identity: str | None = None) -> None:
        self.session = Session(address, majors, self, identity)
        self._link: Link | None = None
        self._closed: BprocError | None = None
        self._processes: dict[bytes, Process] = {}  # by puid: all that are not over
        self._running: dict[int, Process] = {}  # by pid: those of them that were started
        self._requests: dict[int, tuple[Request, asyncio.Future[Response]]] = {}
        self._last_id = 0
        self._turns: defaultdict[int, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(STARTS_OF_A_NODE))
        self._work = asyncio.Event()

    async def __aenter__(self) -> Client:
        await self.session.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()  # what it started and still runs is ended by its GOODBYE [PROTOCOL 6.3]

    async def nodes(self, spec: str = '') -> Sequence[NodeRecord]:
        """The nodes of a set such as `0-3` or `up` [PROTOCOL 7.1]; empty: all."""
        found: list[NodeRecord] = []
        question = ListNodes(spec=spec, partial=True)
        while True:
            part = (await self.request(list_nodes=question)).node_list
            found += part.nodes
            if not part.rest:
                return found
            question = ListNodes(nodes=part.rest, partial=True)

    async def processes(self) -> Sequence[ProcessRecord]:
        """What was started anywhere and is not over: running, or ended and not acknowledged."""
        return (await self.request(list_processes=ListProcesses(started_only=True))).process_list.processes

    async def start(self, node: int, argv: Sequence[str], env: Sequence[str] | None = None) -> Process:
        """Starts a program. Returns when it runs; raises BprocError when it cannot."""
        found = (await self.request(resolve=Resolve(nodes=[node]))).resolved.entries[0]
        if found.HasField('failure'):
            raise Failed(found.failure)
        if env is None:
            env = [f'PATH={os.environ["PATH"]}']
        spec = Spec(file=argv[0], argv=argv, env=env, window=WINDOW_BYTES, kill_grace_ms=KILL_GRACE_MS)
        target = Target(puid=os.urandom(16), node=node, boot=found.boot)
        start = Start(targets=[target], spec=spec.SerializeToString(), command=' '.join(argv)[:255])
        async with self._turns[node]:
            if self._closed:
                raise self._closed
            process = self._processes[target.puid] = Process(self, target, start)
            self._send_start(process)
            try:
                await process.started
            except asyncio.CancelledError:
                # nobody wants it any more: it is ended, now or when it is heard that it runs
                self._forget(process)
                if process.pid:
                    self._terminate(process.pid)
                raise
        return process

    async def request(self, **body: object) -> Response:
        """Asks the master. A question is asked again on every new connection until it is answered."""
        if self._closed:
            raise self._closed
        self._last_id += 1
        question = Request(id=self._last_id, **body)
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._requests[question.id] = question, answer
        self._control(request=question)
        try:
            response = await answer
        finally:
            del self._requests[question.id]
        if response.HasField('failure'):
            raise Failed(response.failure)
        return response

    def send(self, kind: Type, payload: bytes = b'', **header: int) -> None:
        """Sends a frame of a stream. Without a connection it is void: the next one begins with a REWIND."""
        if self._link:
            self._link.send(kind, payload, **header)

    def wake(self) -> None:
        """An input may have something to send."""
        self._work.set()

    def _control(self, **body: object) -> None:
        if self._link:
            self._link.control(**body)

    def _send_start(self, process: Process) -> None:
        if self._link:
            process.start.repeated = process.sent > 0
            process.sent += 1
            self._link.control(start=process.start)

    def _terminate(self, pid: int) -> None:
        # a request whose answer nobody waits for; where it is lost, the next CLAIM without this pid does the same
        self._control(request=Request(id=0, terminate=Terminate(pid=pid)))

    # What the session tells: bproc_session.User

    def attached(self, link: Link) -> None:
        """Says all that has no answer yet, in the order of [PROTOCOL 3.8]."""
        self._link = link
        for process in self._processes.values():
            if not process.pid:
                self._send_start(process)
        entries = [
            Claim.Entry(puid=process.target.puid, node=process.target.node, boot=process.target.boot, pid=pid)
            for pid, process in self._running.items()
        ]
        self._control(claim=Claim(entries=entries, last=True))
        for question, _ in self._requests.values():
            self._control(request=question)

    def detached(self) -> None:
        self._link = None
        for process in self._running.values():
            process.stdin.hold()

    def over(self, reason: BprocError) -> None:
        self._closed = reason
        for _, answer in self._requests.values():
            fail(answer, reason)
        for process in list(self._processes.values()):
            process.over(reason)

    async def pump(self, link: Link) -> None:
        """Sends what the inputs have, one frame of each in turn, and lets the connection breathe between them."""
        with contextlib.suppress(OSError):
            while True:
                self._work.clear()
                pieces = [(process, process.stdin.take()) for process in self._running.values()]
                for process, piece in pieces:
                    if piece:
                        flags = FIN if piece.fin else 0
                        payload = OFFSET.pack(piece.offset) + piece.data
                        link.send(Type.DATA, payload, stream=process.stream(0), flags=flags)
                        self._work.set()
                await link.drain()
                await self._work.wait()

    def received(self, frame: Frame) -> None:
        if frame.type == Type.CONTROL:
            self._message(decode(Control, frame.payload))
            return
        process = self._running.get(frame.stream // 4)
        if process is None:
            return  # it is over
        match frame.type, frame.stream % 4:
            case Type.DATA, 1 | 2 as descriptor:
                (offset,) = unpack(OFFSET, frame.payload)
                data = frame.payload[OFFSET.size :]
                if offset + len(data) > MOST_OFFSET:
                    raise Breach('a stream is longer than streams can be')
                output = process.stdout if descriptor == 1 else process.stderr
                output.receive(Piece(offset, data, bool(frame.flags & FIN)))
                self.finish(process)
            case Type.CREDIT, 0:
                process.stdin.credit(*unpack(CREDIT, frame.payload), bool(frame.flags & REWIND))
            case Type.STOP, 0:
                process.stdin.stop()

    def _message(self, message: Control) -> None:
        kind = message.WhichOneof('body')
        body = getattr(message, kind) if kind else None
        if kind == 'response':
            _, answer = self._requests.get(body.id, (None, None))
            if answer and not answer.done():
                answer.set_result(body)
            return
        process = self._processes.get(body.puid) if kind in ABOUT_PROCESSES else None
        if process:
            self._told(process, kind, body)
        elif kind == 'started':
            # it was said never to run, or to be lost: it may not live on [PROTOCOL 4.1]
            self._terminate(body.pid)
        elif kind == 'ended':
            self._control(end_ack=EndAck(puid=body.puid))

    def _told(self, process: Process, kind: str, body: Message) -> None:
        match kind:
            case 'started' if not process.pid:
                process.pid, process.local_pid = body.pid, body.local_pid
                self._running[body.pid] = process
                process.stdin.open(body.stdin_window)
                process.started.set_result(None)
            case 'start_failed' if not process.pid:
                self._never(process, Failed(body.failure))
            case 'boot_miss' if not process.pid:
                # sent once it did not run; sent again, it may have run before the restart [PROTOCOL 4.3]
                code = 'ESTALE' if process.sent == 1 else 'BE_SLAVEDIED'
                self._never(process, BprocError(code, f'node {process.target.node} was restarted meanwhile'))
            case 'change' if body.reattached and process.pid:
                process.stdout.restart()
                process.stderr.restart()
            case 'ended':
                process.last_word = body
                self.finish(process)

    def _never(self, process: Process, reason: BprocError) -> None:
        self._forget(process)
        process.over(reason)

    def _forget(self, process: Process) -> None:
        self._processes.pop(process.target.puid, None)
        self._running.pop(process.pid, None)

    def finish(self, process: Process) -> None:
        """Reports the end once no output is missing before it, and acknowledges it [PROTOCOL 6.1 and 6.2]."""
        if process.complete:
            self._forget(process)
            process.finish()
            self._control(end_ack=EndAck(puid=process.target.puid))
