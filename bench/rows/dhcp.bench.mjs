/** Addresses for machines that all ask at once. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, end, run as runProgram, serve } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';
import { createWire } from '../peers/wire.mjs';

const RATE = 5000;
const MACHINES = 5000;
const SECONDS = 5;
const MOST_DROPPED_PERCENT = 0.1;
const LEASE_SECONDS = 3600;
const POOL = ['10.77.16.0', '10.77.79.255'];

export const name = 'dhcp';
export const title = 'Addresses';
export const method =
  `\`perfdhcp\` of Kea stands for ${MACHINES.toLocaleString('en-US')} machines behind a relay and begins ${RATE.toLocaleString('en-US')} exchanges of four packets a second, for ${SECONDS} s. Each server has a ` +
  'network namespace of its own on one bridge, gives addresses from a pool and keeps the leases on disk: bproc syncs them before it answers, Kea (memfile) and dnsmasq do not. ' +
  'What counts is how many exchanges a second are complete.';

export async function run(context, cleanup) {
  const what = `${RATE.toLocaleString('en-US')} exchanges a second are begun: dropped`;
  const goal = `< ${MOST_DROPPED_PERCENT} %`;
  const lacking = process.getuid() !== 0 ? 'needs root for networks of its own' : missing('perfdhcp', '-v');
  if (lacking !== undefined) return { lines: [unmeasured(what, goal, lacking)] };
  const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const hosts = { bproc: '10.77.0.1', kea: '10.77.0.2', dnsmasq: '10.77.0.3' };
  const addresses = [...Object.values(hosts), '10.77.0.9'].map((address) => `${address}/16`);
  const [bproc, kea, dnsmasq, relay] = await createWire(cleanup, addresses);
  await startOurs(cleanup, directory, bproc);
  const peers = [
    { name: 'kea', missing: missing('kea-dhcp4', '-v'), start: () => startKea(cleanup, directory, kea) },
    { name: 'dnsmasq', missing: missing('dnsmasq', '-v'), start: () => startDnsmasq(cleanup, directory, dnsmasq) },
  ];
  for (const peer of peers) if (peer.missing === undefined) await peer.start();
  const dropped = {};
  const storm = async (server) => {
    const { perSecond, dropsPercent } = await load(relay, hosts[server], context.count(SECONDS));
    dropped[server] ??= [];
    dropped[server].push(dropsPercent);
    return perSecond;
  };
  const contenders = [{ name: 'bproc' }, ...peers].map((each) => ({
    name: each.name,
    missing: each.missing,
    run: () => storm(each.name),
  }));
  for (const { run: warmUp, missing: why } of contenders) if (why === undefined) await warmUp();
  for (const server of Object.keys(dropped)) dropped[server] = [];
  const outcome = await rounds(context, contenders, { rounds: context.count(5, 2), limitMs: 120_000 });
  const said = ({ name: server, missing: why }) =>
    why ?? `${server} ${short(median(dropped[server]))} %, ${short(outcome.medians[server])} a second complete`;
  const ours = median(dropped.bproc);
  const lines = [
    line(what, goal, contenders.map(said).join('; '), ours < MOST_DROPPED_PERCENT),
    ...contenders.slice(1).map((peer) => {
      const more = `complete exchanges beside ${peer.name}`;
      if (peer.missing !== undefined) return unmeasured(more, '≥ 0.95×', peer.missing);
      const ratio = outcome.medians.bproc / outcome.medians[peer.name];
      return line(more, '≥ 0.95×', `${short(ratio)}×`, ratio >= 0.95);
    }),
  ];
  return { lines, outcome, dropped };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function missing(command, ...args) {
  return spawnSync(command, args).error === undefined ? undefined : `${command} is not installed`;
}

/** One storm, as perfdhcp tells of it. */
async function load(enter, server, seconds) {
  const [command, ...before] = enter;
  const wishes = ['-R', String(MACHINES), '-r', String(RATE), '-p', String(seconds), '-W', '500000'];
  // it ends with 3 where something was dropped
  const script = 'perfdhcp "$@"; code=$?; [ $code = 3 ] || exit $code';
  const text = await runProgram(command, [...before, 'sh', '-c', script, 'sh', '-4', '-l', 'eth0', ...wishes, server]);
  const perSecond = Number(/^Rate: ([\d.]+) 4-way exchanges/m.exec(text)?.[1]);
  const sent = [...text.matchAll(/^sent packets: (\d+)/gm)].map(([, count]) => Number(count));
  const drops = [...text.matchAll(/^drops: (\d+)/gm)].map(([, count]) => Number(count));
  if (Number.isNaN(perSecond) || sent.length !== 2) throw new Error(`perfdhcp says no rate: ${text}`);
  return { perSecond, dropsPercent: ((drops[0] + drops[1]) / (sent[0] + sent[1])) * 100 };
}

async function startOurs(cleanup, directory, enter) {
  const networks = [{ subnet: '10.77.0.0/16', server: '10.77.0.1', pool: { first: POOL[0], last: POOL[1] } }];
  const options = { networks, stateDir: join(directory, 'leases') };
  const agent = await new Agent('dhcp-server', [JSON.stringify(options)], { prefix: enter }).ready();
  cleanup.add(() => agent.stop());
}

async function startKea(cleanup, directory, [command, ...before]) {
  const config = join(directory, 'kea.json');
  const pools = [{ pool: POOL.join(' - ') }];
  const Dhcp4 = {
    'interfaces-config': { interfaces: ['eth0'], 'dhcp-socket-type': 'udp' },
    'lease-database': { type: 'memfile', persist: true, name: join(directory, 'kea.leases') },
    'valid-lifetime': LEASE_SECONDS,
    subnet4: [{ subnet: '10.77.0.0/16', pools }],
    loggers: [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: 'stderr' }] }],
  };
  await writeFile(config, JSON.stringify({ Dhcp4 }));
  await mkdir(join(directory, 'kea'));
  const own = join(directory, 'kea');
  const env = { ...process.env, KEA_PIDFILE_DIR: own, KEA_LOCKFILE_DIR: own };
  const { child } = serve(command, [...before, 'kea-dhcp4', '-c', config], { env });
  cleanup.add(() => end(child));
}

async function startDnsmasq(cleanup, directory, [command, ...before]) {
  const range = `--dhcp-range=${POOL.join(',')},255.255.0.0,${LEASE_SECONDS}`;
  const leases = ['--dhcp-lease-max=20000', `--dhcp-leasefile=${join(directory, 'dnsmasq.leases')}`];
  const own = [
    '--conf-file=/dev/null',
    '--keep-in-foreground',
    '--user=root',
    '--pid-file=',
    '--no-ping',
    '--quiet-dhcp',
  ];
  const { child } = serve(command, [...before, 'dnsmasq', '--port=0', ...own, range, ...leases]);
  cleanup.add(() => end(child));
}
