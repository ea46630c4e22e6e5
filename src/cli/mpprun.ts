#!/usr/bin/env node
/** `mpprun`: runs a command for each process of a job map, one after the other. */
import { MPPRUN, readRequest } from './mapped-request.ts';
import { runMapped } from './mapped-run.ts';
import { runProgram } from './program.ts';

await runProgram(MPPRUN, (args) => runMapped(MPPRUN, readRequest(args, [{ name: 'prefix', letter: 'p' }]), true));
