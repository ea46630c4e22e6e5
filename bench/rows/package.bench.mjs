/** What it costs to have the library. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const execute = promisify(execFile);
const MOST_MS = 60;
const MOST_BYTES = 1_500_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const name = 'package';
export const title = 'Import and size';
export const method =
  'A Node process that imports the package and ends, against one that does nothing, started in turn. The size is that of ' +
  'all files that would be published, without its dependencies.';

async function timed(code) {
  const from = performance.now();
  await execute(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT });
  return performance.now() - from;
}

export async function run(context) {
  const library = process.env['BPROC_BENCH_LIBRARY'] ?? 'bproc';
  const contenders = [
    { name: 'bproc', run: () => timed(`import ${JSON.stringify(library)}`) },
    { name: 'bare', run: () => timed('0') },
  ];
  for (const { run: warmUp } of contenders) await warmUp();
  const outcome = await rounds(context, contenders, { rounds: context.count(25, 3), limitMs: 60_000 });
  const more = outcome.medians.bproc - outcome.medians.bare;
  const { stdout } = await execute('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
  const [{ files }] = JSON.parse(stdout);
  const bytes = files.reduce((sum, { path, size }) => (path.startsWith('native/prebuilt/') ? sum : sum + size), 0);
  const lines = [
    line(
      "`import 'bproc'`",
      `< ${MOST_MS} ms over \`node -e 0\``,
      `${short(more)} ms (bare ${short(outcome.medians.bare)} ms)`,
      more < MOST_MS,
    ),
    line(
      'the package, unpacked, without prebuilt binaries',
      '< 1.5 MB',
      `${short(bytes / 1e6)} MB`,
      bytes < MOST_BYTES,
    ),
  ];
  return { lines, outcome };
}
