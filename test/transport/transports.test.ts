/** The suite over everything a connection can be made of. */
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import type { Address, Listener } from '../../src/transport/index.ts';
import { dial, listen, memoryPair } from '../../src/transport/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { type Connect, describeTransport } from './transport-suite.ts';

/** Connections through a listening socket; each opener reads so many bytes at a time into the same memory. */
function through(address: () => Address, readBytes?: number): Connect {
  let listener: Listener | undefined;
  const accepted: ((socket: Duplex) => void)[] = [];
  beforeAll(async () => {
    listener = await listen(address(), (socket) => accepted.shift()?.(socket));
  });
  afterAll(() => listener?.[Symbol.asyncDispose]());
  return async () => {
    const far = new Promise<Duplex>((resolve) => accepted.push(resolve));
    const readInto = readBytes === undefined ? undefined : Buffer.alloc(readBytes);
    return [await dial(listener?.address ?? address(), undefined, readInto), await far];
  };
}

const scratch = scratchTree({});
afterAll(() => scratch[Symbol.dispose]());

describeTransport('memory', async () => memoryPair());
describeTransport(
  'a unix socket',
  through(() => ({ kind: 'unix', path: `${scratch.path}/socket` })),
);
// less than a message, and no divisor of anything
describeTransport(
  'a unix socket that is read into one buffer',
  through(() => ({ kind: 'unix', path: `${scratch.path}/reused` }), 10_007),
);
describeTransport(
  'TCP',
  through(() => ({ kind: 'tcp', host: '127.0.0.1', port: 0 })),
);
