/** `docs/benchmarks.md`, made of `docs/benchmarks.json`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const RAW = join(DOCS, 'benchmarks.json');
const TABLE = join(DOCS, 'benchmarks.md');

const MARKS = { met: 'met', missed: '**missed**', 'not measured': 'not measured' };

/** What earlier runs on this kind of machine measured, by the name of the benchmark. */
export async function earlier(machine) {
  const text = await readFile(RAW, 'utf8').catch(() => '{}');
  const { machine: known, results = {} } = JSON.parse(text);
  return JSON.stringify(known) === JSON.stringify(machine) ? results : {};
}

/**
 * Writes both files.
 *
 * @param {Record<string, string>} machine
 * @param {string} quiet how it is found out that the machine is quiet
 * @param {Record<string, object>} results by the name of the benchmark, in order
 */
export async function write(machine, quiet, results) {
  await mkdir(DOCS, { recursive: true });
  for (const [name, text] of Object.values(results).flatMap(({ figures = {} }) => Object.entries(figures))) {
    await writeFile(join(DOCS, name), text);
  }
  await writeFile(RAW, `${JSON.stringify({ machine, quiet, results }, undefined, 1)}\n`);
  await writeFile(TABLE, markdown(machine, quiet, results));
}

/** The report as text. */
export function markdown(machine, quiet, results) {
  const all = Object.values(results);
  const days = [...new Set(all.map(({ measuredAt }) => measuredAt.slice(0, 10)))].sort();
  const rows = all.flatMap(({ lines, outcome }) =>
    lines.map(({ what, goal, measured, verdict }) => {
      const noisy = outcome.noisy ? ' (noisy)' : '';
      return `| ${what} | ${goal} | ${measured}${noisy} | ${MARKS[verdict]} |`;
    }),
  );
  const methods = all.map(({ title, method, figures = {} }) => {
    const shown = Object.keys(figures).map((file) => `\n\n  ![${title}](${file})`);
    return `- **${title}.** ${method}${shown.join('')}`;
  });
  return `# Benchmarks

Made by \`npm run bench\`; the numbers behind the table are in [benchmarks.json](benchmarks.json). \`npm run bench NAME...\`
measures single ones of ${Object.keys(results)
    .map((name) => `\`${name}\``)
    .join(', ')}. The peers are installed by
\`bench/peers/setup.sh\` and run as root in a network namespace of their own, with nothing in it but loopback.

Measured ${days.join(' and ')} on ${machine.processor}, ${machine.memory}, ${machine.kernel}, Node ${machine.node}.
Everything runs on this one machine, so that no number here says anything about a network.

| What | Goal | Measured | |
|---|---|---|---|
${rows.join('\n')}

Every number is the median of whole runs that are interleaved with what it is compared to, and a ratio is one of medians.
A round in which others used more than 0.3 cores does not count and is repeated, at most as often again; “noisy” says that
too few quiet ones were to be had. Measured is the ${quiet}.

${methods.join('\n')}
`;
}
