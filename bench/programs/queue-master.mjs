/** A master that keeps its queue. Arguments: the address it listens on, its state directory. */
import { answer, library } from './answer.mjs';

const [, , listen, stateDir] = process.argv;
const master = await library.startMaster({ listen, stateDir, nodes: [0] });

answer({ address: () => master.addresses[0] }, () => master[Symbol.asyncDispose]());
