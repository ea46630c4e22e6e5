#!/usr/bin/env node
/** `beorun`: runs a command for each process of a job map, all at once. */
import { BEORUN, readRequest } from './mapped-request.ts';
import { runMapped } from './mapped-run.ts';
import { runProgram } from './program.ts';

await runProgram(BEORUN, (args) => runMapped(BEORUN, readRequest(args), false));
