/** Lines of the report: what was wanted, what was measured, whether that is enough. */
import { short } from './stats.mjs';

/**
 * @typedef {object} Line
 * @property {string} what
 * @property {string} goal
 * @property {string} measured
 * @property {'met' | 'missed' | 'not measured'} verdict
 */

/** @returns {Line} */
export function line(what, goal, measured, isMet) {
  return { what, goal, measured, verdict: isMet ? 'met' : 'missed' };
}

/** @returns {Line} a line for what could not be measured, with the reason in place of a number */
export function unmeasured(what, goal, why) {
  return { what, goal, measured: why, verdict: 'not measured' };
}

/**
 * How much quicker than a peer, or why that is not known.
 *
 * @param {string} what
 * @param {number} atLeast
 * @param {import('./rounds.mjs').Outcome} outcome of times
 * @param {import('./rounds.mjs').Contender} peer
 * @returns {Line}
 */
export function quickerThan(what, atLeast, outcome, peer) {
  const goal = `≥ ${atLeast}× quicker than ${peer.name}`;
  if (peer.missing !== undefined) return unmeasured(what, goal, `not installed: ${peer.missing}`);
  const { bproc, [peer.name]: other } = outcome.medians;
  const ratio = other / bproc;
  return line(what, goal, `${short(ratio)}× (${peer.name} ${short(other)} ms)`, ratio >= atLeast);
}
