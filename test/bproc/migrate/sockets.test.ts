/** What is written into images of connections by unix sockets. */
import protobuf from 'protobufjs/minimal.js';
import { expect, it } from 'vitest';
import { entriesOf, fieldsOf } from '../../../src/bproc/migrate/criu/images.ts';
import { endConnectionsIn } from '../../../src/bproc/migrate/criu/sockets.ts';
import { BprocError } from '../../../src/errors.ts';

const GATEWAY = '/run/bproc/processes.sock';

interface Socket {
  readonly inode: number;
  readonly peer?: number;
  /** Of one that is only named: what it is bound to. */
  readonly elsewhere?: string;
}

/** An image with a file that is none, and these sockets. */
function imageOf(sockets: readonly Socket[]): Buffer {
  const file = protobuf.Writer.create().uint32(8).uint32(1).uint32(26).bytes(Buffer.from('a file')).finish();
  const entries = sockets.map(({ inode, peer = 0, elsewhere }) => {
    const socket = protobuf.Writer.create().uint32(8).uint32(7).uint32(16).uint32(inode).uint32(24).uint32(1);
    socket.uint32(48).uint32(elsewhere === undefined ? 0 : 1);
    socket
      .uint32(64)
      .uint32(peer)
      .uint32(90)
      .bytes(Buffer.from(elsewhere === undefined ? '' : `${elsewhere}\0`));
    socket.uint32(96).uint32(0);
    return protobuf.Writer.create().uint32(8).uint32(5).uint32(130).bytes(socket.finish()).finish();
  });
  const parts = [file, ...entries].flatMap((message) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    return [length, message];
  });
  return Buffer.concat([Buffer.from('5643560123450123', 'hex'), ...parts]);
}

/** Inode, peer and how much is shut, of each socket; and how many other files there are. */
function read(image: Buffer): {
  readonly sockets: readonly (readonly (number | undefined)[])[];
  readonly others: number;
} {
  const messages = [...entriesOf(image, 'files.img')].map(({ message }) => {
    const field = [...fieldsOf(message, 'files.img')].find(({ number }) => number === 16);
    return field === undefined ? undefined : message.subarray(field.from, field.to);
  });
  const sockets = messages.filter((message) => message !== undefined);
  const value = (message: Buffer, number: number) =>
    [...fieldsOf(message, 'files.img')].filter((field) => field.number === number).map((field) => field.value);
  return {
    sockets: sockets.map((message) => [2, 8, 12].flatMap((number) => value(message, number))),
    others: messages.length - sockets.length,
  };
}

it('ends connections to the gateway, and leaves those within as they are', () => {
  const image = imageOf([
    { inode: 1, peer: 2 },
    { inode: 2, peer: 1 },
    { inode: 3, peer: 300_000 },
    { inode: 4, peer: 400_000 },
    { inode: 300_000, elsewhere: GATEWAY },
    { inode: 400_000, elsewhere: GATEWAY },
  ]);
  const sockets = [
    [1, 2, 0],
    [2, 1, 0],
    [3, 0, 3],
    [4, 0, 3],
  ];
  expect(read(endConnectionsIn(image, ['/another', GATEWAY]) ?? image)).toEqual({ sockets, others: 1 });
});

it('has nothing to change where no connection leads out', () => {
  expect(endConnectionsIn(imageOf([{ inode: 1, peer: 2 }, { inode: 2, peer: 1 }, { inode: 3 }]), [GATEWAY])).toBe(
    undefined,
  );
});

it.each([
  [
    'bound to another path',
    [
      { inode: 1, peer: 9 },
      { inode: 9, elsewhere: '/run/dbus' },
    ],
    '/run/dbus',
  ],
  [
    'without a name',
    [
      { inode: 1, peer: 9 },
      { inode: 9, elsewhere: '' },
    ],
    'one without a name',
  ],
  ['that nothing is known of', [{ inode: 1, peer: 9 }], 'one without a name'],
])('refuses connections to a socket %s', (_, sockets, name) => {
  const change = (): unknown =>
    endConnectionsIn(imageOf([...sockets, { inode: 2, peer: 3 }, { inode: 3, elsewhere: GATEWAY }]), [GATEWAY]);
  expect(change).toThrow(BprocError);
  expect(change).toThrow(new RegExp(`connected to unix sockets of programs that stay: ${name}$`));
});
