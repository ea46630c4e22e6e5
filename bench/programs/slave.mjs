/**
 * A slave of its own process. Arguments: the master's address, the number of its node, with TLS a token or else nothing,
 * and `no-peers` where it has images from its master alone. BENCH_NO_IO_URING keeps io_uring from what it starts.
 */
import { answer, library } from './answer.mjs';

const [, , master, node, token = '', peers] = process.argv;
const slave = await library.startSlave({
  master,
  node: Number(node),
  ...(token === '' ? {} : { token }),
  ...(peers === 'no-peers' ? { peers: false } : {}),
  ...(process.env['BENCH_NO_IO_URING'] === undefined ? {} : { noIoUring: true }),
});

answer({ attached: () => slave.attached }, () => slave[Symbol.asyncDispose]());
