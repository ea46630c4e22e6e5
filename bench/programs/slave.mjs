/**
 * A slave of its own process. Arguments: the master's address, the number of its node, with TLS a token or else nothing,
 * and `no-peers` where it has images from its master alone.
 */
import { answer, library } from './answer.mjs';

const [, , master, node, token = '', peers] = process.argv;
const slave = await library.startSlave({
  master,
  node: Number(node),
  ...(token === '' ? {} : { token }),
  ...(peers === 'no-peers' ? { peers: false } : {}),
});

answer({ attached: () => slave.attached }, () => slave[Symbol.asyncDispose]());
