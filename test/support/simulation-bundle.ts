/** The simulation as one file, with or without a change in its sources, and threads that run seeds of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';

/** One change of a source file: `find` must occur in it exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A bundle in a directory of its own, which goes when it is disposed of. */
export interface Bundle extends Disposable {
  readonly path: string;
}

/** What the seeds of one run came to. */
export interface Outcome {
  /** How many were run. */
  readonly seeds: number;
  readonly frames: number;
  /** The first that failed, or those that did where all were wanted. */
  readonly failures: readonly { readonly seed: number; readonly violation: string }[];
}

/** Bundles the test kit. @throws Error for an edit that does not fit the source any more. */
export async function bundleSimulation(edits: readonly Edit[] = []): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-sim-'));
  const path = join(directory, 'simulation.mjs');
  try {
    const texts = editedTexts(edits);
    await build({
      entryPoints: [resolve('src/testing/index.ts')],
      outfile: path,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      // what is bundled of CommonJS asks for Node's own modules
      banner: { js: "import * as bundledModule from 'node:module'; const require = bundledModule.createRequire('/');" },
      plugins: [replacing(texts)],
    });
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return { path, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

/** @throws Error for an edit that does not fit its source any more. */
export function checkEdits(edits: readonly Edit[]): void {
  editedTexts(edits);
}

function editedTexts(edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = resolve(file);
    const text = texts.get(path) ?? readFileSync(path, 'utf8');
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`stale patch: ${file} has this ${found} times instead of once:\n${find}`);
    texts.set(
      path,
      text.replace(find, () => replace),
    );
  }
  return texts;
}

function replacing(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'edits',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(path);
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
}

/** Which seeds to run: `first`, `first + step`, ... while they are below `end`. */
export interface Seeds {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** Failures after which the run stops. */
  readonly most: number;
}

/** Runs seeds of a bundle in a thread. */
export function runSeeds(bundle: Bundle, seeds: Seeds): Promise<Outcome> {
  return new Promise((done, fail) => {
    const worker = new Worker(resolve('test/support/seed-worker.mjs'), { workerData: { ...seeds, path: bundle.path } });
    worker.once('message', (outcome: Outcome) => done(outcome));
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`the thread that ran seeds ended with ${code}`)));
  });
}
