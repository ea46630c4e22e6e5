/** A slave of its own process. Arguments: the master's address, the number of its node. */
import { answer, library } from './answer.mjs';

const slave = await library.startSlave({ master: process.argv[2], node: Number(process.argv[3]) });

answer({ attached: () => slave.attached }, () => slave[Symbol.asyncDispose]());
