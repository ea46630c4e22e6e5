/** A slave of its own process. Arguments: the master's address, the number of its node, and with TLS a token. */
import { answer, library } from './answer.mjs';

const [, , master, node, token] = process.argv;
const slave = await library.startSlave({ master, node: Number(node), ...(token === undefined ? {} : { token }) });

answer({ attached: () => slave.attached }, () => slave[Symbol.asyncDispose]());
