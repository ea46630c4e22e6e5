/**
 * Runs seeds of the simulation: `SEED=7 npm run sim` replays one with its whole trace, and
 * `SIM_SEEDS=500 SIM_FIRST=1 npm run sim` runs many and stops at the first that fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const directory = mkdtempSync(join(tmpdir(), 'bproc-sim-'));
const outfile = join(directory, 'simulation.mjs');
try {
  await build({
    entryPoints: [new URL('../src/testing/index.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    logLevel: 'warning',
    // what is bundled of CommonJS asks for Node's own modules
    banner: { js: "import * as bundledModule from 'node:module'; const require = bundledModule.createRequire('/');" },
  });
  const { simulate } = await import(pathToFileURL(outfile).href);
  process.exitCode = process.env.SEED ? await replay(simulate, Number(process.env.SEED)) : await many(simulate);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function replay(simulate, seed) {
  const result = await simulate({ seed, print: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify(result.plan, undefined, 2)}\n`);
  return report(result);
}

async function many(simulate) {
  const first = Number(process.env.SIM_FIRST ?? 1);
  const count = Number(process.env.SIM_SEEDS ?? 2000);
  const most = Number(process.env.SIM_FAILURES ?? 1);
  const from = performance.now();
  let steps = 0;
  let failures = 0;
  let seed = first;
  for (; seed < first + count && failures < most; seed += 1) {
    const result = await simulate({ seed });
    steps += result.steps;
    if (result.violation !== undefined) {
      failures += 1;
      report(result);
    }
  }
  const seconds = (performance.now() - from) / 1000;
  const rate = ((seed - first) / seconds).toFixed(1);
  process.stdout.write(`${seed - first} seeds, ${failures} failed, ${steps} frames, ${rate} seeds a second\n`);
  return failures === 0 ? 0 : 1;
}

function report({ seed, violation, hash, virtualMs }) {
  const outcome =
    violation === undefined ? 'every invariant held' : `failed: ${violation}\n  replay: SEED=${seed} npm run sim`;
  process.stdout.write(`seed ${seed} (${Math.round(virtualMs)} virtual ms, trace ${hash}) ${outcome}\n`);
  return violation === undefined ? 0 : 1;
}
