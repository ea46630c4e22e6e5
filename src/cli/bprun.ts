#!/usr/bin/env node
/** `bprun`: runs the ranks of a job. A link to it may have the name by which scripts know such a command: `mpiexec`, `mpirun`. */
import { basename } from 'node:path';
import { runMpiProgram } from './mpi-run.ts';

await runMpiProgram(basename(process.argv[1] ?? 'bprun').replace(/\.js$/, ''));
