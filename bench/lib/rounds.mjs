/** Interleaved rounds: in each of them every contender has one turn, and noisy rounds are repeated. */
import { median } from './stats.mjs';

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => Promise<number>} run one turn; what it returns is compared
 * @property {string} [missing] why it cannot run here
 */

/**
 * @typedef {object} Outcome
 * @property {Record<string, number[]>} samples of every contender that ran, one a round
 * @property {Record<string, number>} medians
 * @property {number[]} others cores that others used in each of these rounds
 * @property {boolean} noisy whether too few quiet rounds were to be had
 */

/**
 * Runs rounds until enough of them were quiet, or twice as many are over, or the time is.
 *
 * @param {import('./context.mjs').Context} context
 * @param {readonly Contender[]} contenders
 * @param {{ readonly rounds: number, readonly limitMs: number }} options
 * @returns {Promise<Outcome>}
 */
export async function rounds(context, contenders, { rounds: wanted, limitMs }) {
  const running = contenders.filter(({ missing }) => missing === undefined);
  const until = performance.now() + limitMs;
  const all = [];
  for (let round = 0; round < wanted * 2; round += 1) {
    const quiet = all.filter(({ isQuiet }) => isQuiet).length;
    if (quiet >= wanted || (performance.now() > until && all.length > 0)) break;
    // Each round begins with another one, so that none always comes after the same neighbour.
    const order = running.map((_, at) => running[(at + round) % running.length]);
    const { value, others, isQuiet } = await context.quiet.during(async () => {
      const values = {};
      for (const { name, run } of order) values[name] = await run();
      return values;
    });
    all.push({ value, others, isQuiet });
    context.log(
      `  round ${round + 1}: ${describe(value)}${isQuiet ? '' : `  (noisy: others used ${others.toFixed(2)} cores)`}`,
    );
  }
  const quiet = all.filter(({ isQuiet }) => isQuiet);
  const noisy = quiet.length < Math.min(3, wanted);
  const counted = noisy ? all : quiet;
  const samples = {};
  const medians = {};
  for (const { name } of running) {
    samples[name] = counted.map(({ value }) => value[name]);
    medians[name] = median(samples[name]);
  }
  return { samples, medians, others: counted.map(({ others }) => Math.round(others * 100) / 100), noisy };
}

function describe(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ');
}
