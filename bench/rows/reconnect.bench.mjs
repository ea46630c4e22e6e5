/** Every slave of a large cluster loses its connection in the same moment. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../lib/processes.mjs';
import { median, short } from '../lib/stats.mjs';
import { line } from '../lib/verdict.mjs';

const STORMS = 5;
const SETTLE_MS = 3000;
const KINDS = [
  { scheme: 'tcp', what: 'plain TCP', mostMs: 500, mostBytes: 12_000 },
  { scheme: 'tls', what: 'mutual TLS', mostMs: 5000, mostBytes: 44_000 },
];

export const name = 'reconnect';
export const title = 'A storm of reconnecting slaves';
export const method =
  'A master, and all its slaves as objects of the library in one other process, over loopback. That process closes ' +
  `every connection at once; the time is until each of its slaves has been taken in again, their first pause of up to ` +
  `50 ms included, and the median of ${STORMS}. Memory is what the master’s resident memory has grown by when all of ` +
  'them are there and idle instead of half of them, of V8’s heap only what is in use after garbage collections, for each of the other half: ' +
  'its socket, its TLS, the node’s and the connection’s state. With TLS every slave has joined by a token of its own.';

async function measure(context, cleanup, { scheme }) {
  const count = context.count(1000, 50);
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const master = await new Agent('storm-master', [`${scheme}://127.0.0.1:0`, directory]).ready();
  cleanup.add(() => master.stop());
  const tokens = scheme === 'tls' ? await master.call('tokens', { count }) : [];
  const slaves = new Agent('storm', [await master.call('address')]);
  cleanup.add(() => slaves.stop());
  // what the first half of them loads, compiles and makes room for is not the connections' own
  const half = Math.floor(count / 2);
  await slaves.call('begin', { more: half, tokens });
  await sleep(SETTLE_MS);
  const before = await master.call('memory');
  await slaves.call('begin', { more: count - half, tokens });
  await sleep(SETTLE_MS);
  const bytes = ((await master.call('memory')) - before) / (count - half);
  const samples = [];
  const others = [];
  let noisy = false;
  for (let storm = 0; storm < STORMS; storm += 1) {
    await sleep(1000);
    const { value, others: cores, isQuiet } = await context.quiet.during(() => slaves.call('storm'));
    samples.push(value);
    others.push(Math.round(cores * 100) / 100);
    noisy ||= !isQuiet;
  }
  // the last of them still have to say what they hold
  for (let left = 100; (await master.call('up')) < count; left -= 1) {
    if (left === 0) throw new Error(`${await master.call('up')} of ${count} nodes are up after the storms`);
    await sleep(100);
  }
  if ((await master.call('lost')) !== 0) throw new Error('the master’s own client lost it meanwhile');
  await slaves.stop();
  await master.stop();
  return { count, bytes, samples, others, noisy };
}

export async function run(context, cleanup) {
  const lines = [];
  const outcome = { samples: {}, others: [], noisy: false };
  for (const kind of KINDS) {
    const { count, bytes, samples, others, noisy } = await measure(context, cleanup, kind);
    const ms = median(samples);
    const what = `${count.toLocaleString('en-US')} slaves reconnect, ${kind.what}`;
    lines.push(line(what, `< ${kind.mostMs / 1000} s`, `${short(ms / 1000)} s`, ms < kind.mostMs));
    lines.push(
      line(
        `an idle slave connection of the master, ${kind.what}`,
        `≤ ${kind.mostBytes / 1000} kB`,
        `${short(bytes / 1000)} kB`,
        bytes <= kind.mostBytes,
      ),
    );
    outcome.samples[kind.scheme] = samples;
    outcome.samples[`${kind.scheme}Bytes`] = [bytes];
    outcome.others.push(...others);
    outcome.noisy ||= noisy;
  }
  return { lines, outcome };
}
