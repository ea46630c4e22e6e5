/** What keeps a process from being captured, seen in /proc before anything stands still. */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { mayUse } from '../../../linux/index.ts';
import { deletedIn } from '../mappings.ts';
import { orGone, treeOf } from '../tree-of.ts';
import { connectionsOf, refusalOf } from './descriptors.ts';

/** So many reasons are enough. */
const MOST_REASONS = 8;

/** What is asked for. */
export interface Inspection {
  /** As this program's `/proc` has it. */
  readonly pid: number;
  /** Deleted files travel along up to this size. */
  readonly mostDeletedBytes: number;
  /** Whether it is known what becomes of TCP connections. */
  readonly allowsConnections: boolean;
  /** Whether only an ordinary user's rights are there. */
  readonly isRootless: boolean;
  /** Whether its streams are its controlling terminal. */
  readonly hasTerminal: boolean;
}

/** The reasons, a sentence each, at most eight. */
export async function inspect(what: Inspection): Promise<readonly string[]> {
  const reasons: string[] = [];
  const terminal = what.hasTerminal ? await terminalOf(what.pid) : undefined;
  for (const { pid, command } of await treeOf(what.pid)) {
    for await (const reason of reasonsOf(pid, what, terminal)) {
      reasons.push(`process ${pid} (${command}) ${reason}`);
      if (reasons.length === MOST_REASONS) return reasons;
    }
  }
  return reasons;
}

async function* reasonsOf(pid: number, what: Inspection, terminal: number | undefined): AsyncGenerator<string> {
  const status = await orGone(readFile(`/proc/${pid}/status`, 'utf8'));
  const tracer = /^TracerPid:\t(\d+)$/m.exec(status ?? '')?.[1];
  if (tracer !== undefined && tracer !== '0')
    yield `is traced by process ${tracer}, such as a debugger: end that first`;
  if (!what.isRootless && isOfAnother(status ?? '') && !mayUse('SYS_RESOURCE')) {
    yield 'is of another user, whose limits cannot be read without the capability SYS_RESOURCE: run the slave with that, as root usually has it';
  }
  if (what.isRootless && /^Seccomp:\t2$/m.test(status ?? '')) {
    yield 'has a filter of system calls, such as noIoUring is, which only root can capture';
  }
  for (const { path, bytes } of await deletedIn(pid)) {
    const refusal = refusalOf({ link: `${path} (deleted)`, size: bytes }, what.mostDeletedBytes);
    if (refusal !== undefined) yield `has mapped ${refusal}`;
  }
  let connections: ReadonlyMap<string, string> | undefined;
  for (const fd of (await orGone(readdir(`/proc/${pid}/fd`))) ?? []) {
    const path = `/proc/${pid}/fd/${fd}`;
    const link = await orGone(readlink(path));
    if (link === undefined) continue;
    const isFile = link.startsWith('/') ? await orGone(stat(path)) : undefined;
    const target = { link, device: isFile?.isCharacterDevice() ? isFile.rdev : undefined, size: isFile?.size };
    const refusal = refusalOf(target, what.mostDeletedBytes, terminal);
    if (refusal !== undefined) yield `has open as descriptor ${fd} ${refusal}`;
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode === undefined || what.allowsConnections) continue;
    connections ??= await connectionsNear(pid);
    const remote = connections.get(inode);
    if (remote !== undefined)
      yield `has a TCP connection to ${remote} as descriptor ${fd}${what.isRootless ? ', which only root can capture' : ', which would have to be closed'}`;
  }
}

/** The device of a process's controlling terminal; undefined where it has none. */
async function terminalOf(pid: number): Promise<number | undefined> {
  const line = (await orGone(readFile(`/proc/${pid}/stat`, 'latin1'))) ?? '';
  const device = Number(/\) (?:\S+ ){4}(\d+)/.exec(line.slice(line.lastIndexOf(')')))?.[1] ?? 0);
  return device === 0 ? undefined : device;
}

/** Whether any of the users or groups that a text of `/proc/PID/status` names is not this program's. */
function isOfAnother(status: string): boolean {
  const own = { Uid: process.getuid?.(), Gid: process.getgid?.() };
  return Object.entries(own).some(([name, id]) => {
    // the file system's, the last of four, does not count
    const [, ids = ''] = new RegExp(`^${name}:((?:\\t\\d+){3})`, 'm').exec(status) ?? [];
    return ids.split('\t').some((each) => each !== '' && Number(each) !== id);
  });
}

/** The connections in the network namespace of a process. */
async function connectionsNear(pid: number): Promise<ReadonlyMap<string, string>> {
  const texts = ['tcp', 'tcp6'].map((name) => orGone(readFile(`/proc/${pid}/net/${name}`, 'utf8')));
  return new Map((await Promise.all(texts)).flatMap((text) => [...connectionsOf(text ?? '')]));
}
