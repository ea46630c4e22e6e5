/** A master of its own process. Argument: the address it listens on. */
import { answer, library } from './answer.mjs';

const master = await library.startMaster({ listen: process.argv[2] });

answer({}, () => master[Symbol.asyncDispose]());
