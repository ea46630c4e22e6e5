"""Uses a bproc cluster from Python, one ability after the other. README.md beside this file says how to run it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys

from bproc_client import Client
from bproc_process import WINDOW_BYTES, Process
from bproc_wire import BprocError
from process_pb2 import End

MIB = 1024 * 1024
IDENTITY = os.environ.get('BPROC_IDENTITY')  # for tls://: the file that login.py has written
ECHO_MIB = 16
LARGE_MIB = 100

# Writes random bytes to stdout, and their hash to stderr.
PRODUCER = f"""
import hashlib, os, sys
digest = hashlib.sha256()
for _ in range({LARGE_MIB}):
    block = os.urandom({MIB})
    digest.update(block)
    sys.stdout.buffer.write(block)
sys.stderr.write(digest.hexdigest())
"""


def check(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def text_of(end: End) -> str:
    match end.kind:
        case End.KIND_EXITED:
            return f'exited with {end.code}'
        case End.KIND_SIGNALED:
            return f'killed by {signal.Signals(end.signal).name}'
        case End.KIND_LIFETIME | End.KIND_SILENCE:
            return 'ended at its limit'
        case _:
            return f'lost: {end.reason}'


async def read_all(process: Process) -> tuple[bytes, bytes]:
    """Both outputs to their ends, read at the same time: one that nobody reads stops the process."""

    async def join(output) -> bytes:
        return b''.join([chunk async for chunk in output])

    return await asyncio.gather(join(process.stdout), join(process.stderr))


async def small(bp: Client) -> None:
    process = await bp.start(0, ['sh', '-c', 'read word; echo "node $BPROC_NODE got $word"; echo oops >&2; exit 3'])
    await process.stdin.write(b'hello\n')
    process.stdin.close()
    out, err = await read_all(process)
    print(f'process {process.pid}: {out!r} {err!r}, {text_of(await process.wait())}')


async def echo(bp: Client) -> None:
    """Sends and receives at the same time, both with credit."""
    process = await bp.start(0, ['cat'])
    sent, received = hashlib.sha256(), hashlib.sha256()

    async def feed() -> None:
        for _ in range(ECHO_MIB):
            block = os.urandom(MIB)
            sent.update(block)
            await process.stdin.write(block)
        process.stdin.close()

    async def read() -> None:
        async for chunk in process.stdout:
            received.update(chunk)

    await asyncio.gather(feed(), read())
    check(process.stdout.arrived == ECHO_MIB * MIB, f'{process.stdout.arrived} bytes came back')
    check(sent.digest() == received.digest(), 'what came back is not what was sent')
    print(f'echo: {ECHO_MIB} MiB came back as they were sent, {text_of(await process.wait())}')


async def large(bp: Client) -> None:
    """A large output: the process runs ahead of its reader by one window and no further."""
    process = await bp.start(1, [sys.executable, '-c', PRODUCER])
    while process.stdout.waiting < WINDOW_BYTES:
        await asyncio.sleep(0.01)
    digest = hashlib.sha256()
    async for chunk in process.stdout:
        digest.update(chunk)
    expected = b''.join([chunk async for chunk in process.stderr]).decode()
    check(process.stdout.arrived == LARGE_MIB * MIB, f'{process.stdout.arrived} bytes arrived')
    check(process.stdout.excess == 0, f'{process.stdout.excess} bytes came beyond the window')
    check(digest.hexdigest() == expected, f'the hash is {digest.hexdigest()}, not {expected}')
    print(f'large: {LARGE_MIB} MiB with the right hash, never beyond the window, {text_of(await process.wait())}')


async def ends(bp: Client) -> None:
    sleeper = await bp.start(0, ['sleep', '600'])
    await sleeper.kill(signal.SIGTERM)
    print(f'signal: {text_of(await sleeper.wait())}')

    talker = await bp.start(1, ['yes'])
    await talker.stdout.read()
    talker.stdout.close()
    print(f'output not wanted: {text_of(await talker.wait())}')

    # its last output does not fit into the window, and still waits on the node
    unread = await bp.start(1, ['head', '-c', str(WINDOW_BYTES + 1000), '/dev/zero'])
    while unread.stdout.waiting < WINDOW_BYTES:
        await asyncio.sleep(0.01)
    check(not unread.ended.done(), 'an end was reported before its output')
    unread.stdout.close()
    print(f'output cut short: {text_of(await unread.wait())}')

    try:
        await bp.start(0, ['no-such-program'])
    except BprocError as error:
        print(f'no start: {error}')

    try:
        await talker.kill(signal.SIGTERM)
    except BprocError as error:
        print(f'no signal: {error}')


async def newer(address: str) -> None:
    """A client of a later major version, which this master does not speak."""
    try:
        async with Client(address, majors=(2, 2), identity=IDENTITY):
            raise AssertionError('version 2 was taken')
    except BprocError as error:
        print(f'version 2: {error}')


async def main(address: str) -> None:
    await newer(address)
    async with Client(address, identity=IDENTITY) as bp:
        print('nodes:', ', '.join(f'{node.node} {node.state}' for node in await bp.nodes()))
        await small(bp)
        await echo(bp)
        await large(bp)
        await ends(bp)
        print(f'processes: {len(await bp.processes())}')
        # what still runs when a client leaves in order ends with it
        left = await bp.start(1, ['sleep', '600'])
        print(f'left running: {left.local_pid}')
    print(f'closed; connections: {bp.session.connections}')


if __name__ == '__main__':
    if 'BPROC_MASTER' not in os.environ:
        sys.exit('Set BPROC_MASTER to the address of the master, such as unix:/run/user/1000/bproc/master.sock')
    try:
        asyncio.run(main(os.environ['BPROC_MASTER']))
    except (BprocError, OSError) as error:
        sys.exit(f'run.py: {error}')
