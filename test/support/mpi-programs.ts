/** Jobs of MPI in tests, and programs of `test/fixtures/mpi`, built for one MPI or for PMIx alone. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from '../../src/index.ts';
import { type JobReport, type LaunchOptions, launch } from '../../src/mpi/index.ts';

/** Programs in a directory of their own, gone again when disposed. */
export class MpiPrograms implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'bproc-mpi-'));

  /** @param compiler such as `mpicc.openmpi`. @returns the program's path. */
  build(fixture: string, compiler: string): string {
    const program = join(this.directory, `${fixture}.${compiler}`);
    execFileSync(compiler, ['-O1', '-o', program, resolve('test/fixtures/mpi', `${fixture}.c`)]);
    return program;
  }

  /** With libpmix, without any MPI. */
  buildPmix(fixture: string): string {
    const program = join(this.directory, `${fixture}.pmix`);
    const machine = execFileSync('cc', ['-print-multiarch'], { encoding: 'utf8' }).trim();
    const home = `/usr/lib/${machine}/pmix2`;
    const libraries = [`-L${home}/lib`, `-Wl,-rpath,${home}/lib`, '-lpmix'];
    const source = resolve('test/fixtures/mpi', `${fixture}.c`);
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, source, `-I${home}/include`, ...libraries]);
    return program;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** How a job ended, with all that it wrote. */
export interface JobOutcome extends JobReport {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a job to its end. */
export async function runJob(client: Client, options: LaunchOptions): Promise<JobOutcome> {
  await using job = await launch(client, { stdio: 'merged', ...options });
  const [stdout, stderr, report] = await Promise.all([
    job.stdout.setEncoding('utf8').toArray(),
    job.stderr.setEncoding('utf8').toArray(),
    job.wait(),
  ]);
  return { ...report, stdout: stdout.join(''), stderr: stderr.join('') };
}
