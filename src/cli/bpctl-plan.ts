/** What a command line of `bpctl` asks for: actions in their order, and the nodes each is for. */
import type { Client, DrainOptions } from '../index.ts';
import { BprocError, NODE_MASTER } from '../index.ts';
import type { GivenOption, OptionSpec } from './arguments.ts';
import { readArguments, UsageError } from './arguments.ts';
import { readGroups, readUsers } from './names.ts';
import { chooseNodes } from './node-choice.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpctl` says about itself. */
export const BPCTL: Program = {
  name: 'bpctl',
  usage: ['-M|-S NODES action... [-M|-S NODES action...]...'],
  help: `Changes nodes. Options take effect from left to right: -M and -S select the nodes that what follows is for.

  -M, --master            select the master
  -S, --slave NODES       select nodes: a node set such as 0-3,7, allup or notdown
  --reason TEXT           why, for every -s and --drain that follows
  -s, --state STATE       set the state: down boot up error unavailable reboot halt pwroff, or a word of
                          your own; a node that is set down is disconnected, and kept out until it is set up
  --drain[=NODES]         keep ordinary users' new work away, and move what runs to other nodes, or to those of NODES;
                          what cannot be moved runs on where it is, and is told
  -m, --mode MODE         set who may place work, in octal: 0111 is everybody
  -u, --user USER         set the owner: a name or a number
  -g, --group GROUP       set the group: a name or a number
  -r, --chroot DIR        make DIR the root of what is started from now on
  -R, --reboot            reboot the machine
  -H, --halt              halt it
  -P, --pwroff, --poweroff
                          switch it off
  --reconnect[=ADDRESS]   have the slave connect anew, to the master's ADDRESS where one is given
  --cache-purge           throw away what the nodes keep of images, but what runs
  --cache-purge-fail      throw away of that what has been damaged
  -f                      ignored, as it always was
  -h, --help              this text
  -v, -V, --version

Who belongs to the cluster is said by other words, each of which has a --help of its own:
  bpctl token           makes a one-time token, by which a machine joins
  bpctl node            lists and approves slaves that ask to be let in without one
  bpctl certificates    lists what was given out
  bpctl revoke          takes it back
  bpctl login           gets you a certificate for use from other machines

What fails on one node is told as "N: why", the others go on, and the exit code is 1.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'master', letter: 'M' },
  { name: 'slave', letter: 'S', value: 'NODES' },
  { name: 'reason', value: 'TEXT' },
  { name: 'state', letter: 's', value: 'STATE' },
  { name: 'drain', value: 'NODES', valueIsOptional: true },
  { name: 'mode', letter: 'm', value: 'MODE' },
  { name: 'user', letter: 'u', value: 'USER' },
  { name: 'group', letter: 'g', value: 'GROUP' },
  { name: 'chroot', letter: 'r', value: 'DIR' },
  { name: 'reboot', letter: 'R' },
  { name: 'halt', letter: 'H' },
  { name: 'pwroff', letter: 'P' },
  { name: 'poweroff' },
  { name: 'reconnect', value: 'ADDRESS', valueIsOptional: true },
  { name: 'cache-purge' },
  { name: 'cache-purge-fail' },
  { name: 'f' },
];

/** One thing `bpctl` does. */
export type Step =
  /** Selects the nodes that the steps after it are for. */
  | { readonly select: (client: Client) => Promise<readonly number[]> }
  /** Is done to each of them; what of it is left undone, `fail` is told. */
  | { readonly act: (client: Client, node: number, fail: (why: string) => void) => Promise<void> };

/**
 * Reads the command line of `bpctl`; all of it before anything is done.
 *
 * @throws UsageError where it cannot be.
 */
export function readPlan(args: readonly string[]): 'help' | 'version' | readonly Step[] {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return 'help';
  if (given.has('version') || given.has('v')) return 'version';
  const [operand] = given.operands;
  if (operand !== undefined) throw new UsageError(`${JSON.stringify(operand)} is no option: nodes are given by -S`);
  const steps: Step[] = [];
  let reason: string | undefined;
  let selected = false;
  for (const option of given.options) {
    if (option.name === 'f') continue;
    if (option.name === 'reason') {
      reason = option.value;
      continue;
    }
    const step = stepOf(option, reason);
    if ('select' in step) selected = true;
    else if (!selected) throw new UsageError(`${option.written} comes before any nodes: select them by -S or -M first`);
    steps.push(step);
  }
  if (!steps.some((step) => 'act' in step)) throw new UsageError('nothing is to be done');
  return steps;
}

function stepOf({ name, value = '' }: GivenOption, reason: string | undefined): Step {
  switch (name) {
    case 'master':
      return { select: () => Promise.resolve([NODE_MASTER]) };
    case 'slave':
      return { select: async (client) => (await chooseNodes(client, value)).map((info) => info.node) };
    case 'state': {
      const why = reason === undefined ? {} : { reason };
      return { act: (client, node) => client.setNodeStatus(node, value, why) };
    }
    case 'drain': {
      const options = { ...(value === '' ? {} : { to: value }), ...(reason === undefined ? {} : { reason }) };
      return { act: (client, node, fail) => drain(client, node, options, fail) };
    }
    case 'mode': {
      const mode = modeOf(value);
      return { act: (client, node) => client.chmod(node, mode) };
    }
    case 'user': {
      const uid = readUsers().idOf(value);
      return { act: (client, node) => client.chown(node, uid) };
    }
    case 'group': {
      const gid = readGroups().idOf(value);
      return { act: (client, node) => client.chgrp(node, gid) };
    }
    case 'chroot':
      return { act: (client, node) => client.chroot(node, value) };
    case 'cache-purge':
      return { act: async (client, node) => void (await client.purgeCache(node)) };
    case 'cache-purge-fail':
      return { act: async (client, node) => void (await client.purgeCache(node, { what: 'damaged' })) };
    case 'reboot':
      return { act: (client, node) => client.reboot(node) };
    case 'halt':
      return { act: (client, node) => client.halt(node) };
    case 'reconnect': {
      const to = value === '' ? {} : { address: value };
      return { act: (client, node) => client.reconnect(node, to) };
    }
    default:
      return { act: (client, node) => client.powerOff(node) };
  }
}

async function drain(client: Client, node: number, options: DrainOptions, fail: (why: string) => void): Promise<void> {
  const { stayed } = await client.drain(node, options);
  for (const { process, error } of stayed) fail(`process ${process.pid} (${process.command}) stays: ${error.message}`);
}

function modeOf(text: string): number {
  if (/^0?[0-7]{1,3}$/.test(text)) return Number.parseInt(text, 8);
  throw new UsageError(`-m is ${JSON.stringify(text)}: it must be octal, such as 0111 or 100`);
}

/** Does all of it in its order, and goes on after what fails, which `tell` gets a line for; gives whether all went well. */
export async function carryOut(client: Client, steps: readonly Step[], tell: (line: string) => void): Promise<boolean> {
  let nodes: readonly number[] = [];
  let ok = true;
  const fail = (what: string, why: string): void => {
    ok = false;
    tell(`${what}: ${why}`);
  };
  for (const step of steps) {
    if ('select' in step) {
      const selected: number[] = [];
      await attempt('bpctl', fail, async () => void selected.push(...(await step.select(client))));
      nodes = selected;
      continue;
    }
    for (const node of nodes) {
      await attempt(String(node), fail, () => step.act(client, node, (why) => fail(String(node), why)));
    }
  }
  return ok;
}

async function attempt(
  what: string,
  fail: (what: string, why: string) => void,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!BprocError.is(error)) throw error;
    fail(what, error.message);
  }
}
