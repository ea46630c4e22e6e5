/** What `bpctl` does about who belongs to the cluster: `bpctl token`, `node`, `revoke`, `certificates`, `login`. */
import type { Client } from '../index.ts';
import { loginByToken } from '../index.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { readArguments, UsageError, wholeNumber } from './arguments.ts';
import { withMaster } from './master-connection.ts';
import { readUsers } from './names.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion } from './program.ts';
import { readTokenFile } from './token-file.ts';

/** One of the words after `bpctl`. */
export interface Subcommand {
  readonly program: Program;
  readonly options: readonly OptionSpec[];
  readonly run: (given: Arguments) => Promise<void>;
}

const HIGHEST_NODE = 2 ** 31 - 1;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `30m`, `8h` or `7d`. @throws UsageError for anything else. */
export function durationMs(option: string, text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNITS_MS[unit] ?? 0);
  throw new UsageError(`${option} is ${JSON.stringify(text)}: give a number and s, m, h or d, such as 30m`);
}

const token: Subcommand = {
  program: {
    name: 'bpctl',
    usage: ['token [--ttl TIME] [--node N] [--role slave|client]'],
    help: `Prints a one-time token, a secret by which one machine joins: bpslave --master tls://HOST:PORT --token TOKEN

  --ttl TIME            how long it is good, such as 30m, 8h or 2d; an hour by default
  --node N              only for node N, which becomes its bearer's, whoever had it before
  --role slave|client   whether its bearer is a node (the default), or you on another machine, who gives it to
                        bpctl login --master tls://HOST:PORT --token TOKEN
`,
  },
  options: [
    { name: 'ttl', value: 'TIME' },
    { name: 'node', value: 'N' },
    { name: 'role', value: 'slave|client' },
  ],
  run: async (given) => {
    noOperands(given);
    const [ttl, node, role = 'slave'] = [given.value('ttl'), given.value('node'), given.value('role')];
    if (role !== 'slave' && role !== 'client') throw new UsageError(`--role is ${role}: it is slave or client`);
    const order = {
      role,
      ...(ttl === undefined ? {} : { ttlMs: durationMs('--ttl', ttl) }),
      ...(node === undefined ? {} : { node: wholeNumber('--node', node, 0, HIGHEST_NODE) }),
    } as const;
    const made = await withMaster((client) => client.createToken(order));
    process.stdout.write(`${made.text}\n`);
    process.stderr.write(`bpctl: good once, until ${new Date(made.expiresAt).toISOString()}\n`);
  },
};

const node: Subcommand = {
  program: {
    name: 'bpctl',
    usage: ['node pending', 'node approve ID [--node N]'],
    help: `Lists the slaves that ask to be let in without a token, and lets one in. A slave says the same ID on its
own stderr: compare them, since anybody can ask.

  --node N              let it in as node N, whoever had that before; by default as the one that it asks for,
                        or else the next free one
`,
  },
  options: [{ name: 'node', value: 'N' }],
  run: (given) => {
    const [verb, id, ...rest] = given.operands;
    const number = given.value('node');
    if (verb === 'pending' && id === undefined && number === undefined) return withMaster(printPending);
    if (verb !== 'approve' || id === undefined || rest.length > 0) throw new UsageError('say pending, or approve ID');
    const which = number === undefined ? {} : { node: wholeNumber('--node', number, 0, HIGHEST_NODE) };
    return withMaster((client) => client.approveSlave(id, which));
  },
};

async function printPending(client: Client): Promise<void> {
  const pending = await client.pendingSlaves();
  const rows = pending.map(({ id, peer, address, node, since }) => [
    id,
    peer,
    address,
    String(node ?? 'any'),
    timeText(since),
  ]);
  printTable(['ID', 'FROM', 'NAME', 'NODE', 'SINCE'], rows);
}

const revoke: Subcommand = {
  program: {
    name: 'bpctl',
    usage: ['revoke SERIAL', 'revoke node N', 'revoke user USER'],
    help: `Revokes a certificate, or all of a node or a user: nobody comes by them any more, and who is connected by
them is disconnected at once. "bpctl certificates" shows them.
`,
  },
  options: [],
  run: async (given) => {
    const [first, second, ...rest] = given.operands;
    if (first === undefined || rest.length > 0) throw new UsageError('say what is to be revoked');
    const target =
      second === undefined
        ? { serial: first }
        : first === 'node'
          ? { node: wholeNumber('the node', second, 0, HIGHEST_NODE) }
          : first === 'user'
            ? { uid: readUsers().idOf(second) }
            : undefined;
    if (target === undefined) throw new UsageError(`${JSON.stringify(first)} is neither node nor user`);
    const count = await withMaster((client) => client.revoke(target));
    process.stdout.write(`${count} ${count === 1 ? 'certificate' : 'certificates'} revoked\n`);
  },
};

const certificates: Subcommand = {
  program: {
    name: 'bpctl',
    usage: ['certificates'],
    help: 'Lists the certificates that have not expired, with whose they are and until when they are valid.\n',
  },
  options: [],
  run: async (given) => {
    noOperands(given);
    const all = await withMaster((client) => client.certificates());
    const rows = all.map(({ serial, subject, notAfter, revoked }) => [
      serial,
      subject,
      timeText(notAfter),
      revoked ? 'revoked' : 'valid',
    ]);
    printTable(['SERIAL', 'SUBJECT', 'UNTIL', 'STATE'], rows);
  },
};

const login: Subcommand = {
  program: {
    name: 'bpctl',
    usage: ['login [--master ADDRESS] [--ttl TIME] [--token TOKEN] [--file FILE]'],
    help: `Gets you a certificate that is valid for some hours, by which commands and programs reach the master at
tls://HOST:PORT from anywhere, as you. It is kept in $XDG_CONFIG_HOME/bproc or ~/.config/bproc, for you alone to read.

  --master ADDRESS      the master's own socket on this machine, by default the usual one; or, with a token,
                        tls://HOST:PORT
  --ttl TIME            how long it is to be valid, such as 30m; no longer than the master gives them
  --token TOKEN         of "bpctl token --role client", where the master is another machine
  --token-file FILE     the same, in a file: what is on a command line is for everybody to see
  --file FILE           keep it here
`,
  },
  options: [
    { name: 'master', value: 'ADDRESS' },
    { name: 'ttl', value: 'TIME' },
    { name: 'token', value: 'TOKEN' },
    { name: 'token-file', value: 'FILE' },
    { name: 'file', value: 'FILE' },
  ],
  run: async (given) => {
    noOperands(given);
    const [master, ttl, file] = [given.value('master'), given.value('ttl'), given.value('file')];
    const secret = readTokenFile(given) ?? given.value('token');
    const where = file === undefined ? {} : { file };
    if (secret !== undefined && master === undefined) throw new UsageError('--token needs --master tls://HOST:PORT');
    const ttlMs = ttl === undefined ? {} : { ttlMs: durationMs('--ttl', ttl) };
    const done =
      secret === undefined || master === undefined
        ? await withMaster((client) => client.login({ ...where, ...ttlMs }), master)
        : await loginByToken({ master, token: secret, ...where });
    process.stdout.write(`${done.file}: valid until ${new Date(done.notAfter).toISOString()}\n`);
  },
};

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map(
  Object.entries({ token, node, revoke, certificates, login }),
);

/** The subcommand that a command line begins with. */
export function subcommandOf(args: readonly string[]): Subcommand | undefined {
  return SUBCOMMANDS.get(args[0] ?? '');
}

/** Carries a subcommand out; gives the exit code. */
export async function runSubcommand({ program, options, run }: Subcommand, args: readonly string[]): Promise<number> {
  const given = readArguments(args.slice(1), [...COMMON_OPTIONS, ...options]);
  if (given.has('help')) return printHelp(program);
  if (given.has('version')) return printVersion(program);
  await run(given);
  return 0;
}

function noOperands({ operands: [operand] }: Arguments): void {
  if (operand !== undefined) throw new UsageError(`${JSON.stringify(operand)} is no option`);
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}
