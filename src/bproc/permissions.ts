/**
 * Who may do what to nodes and processes (BProc 1.4): PROTOCOL.md 7.3. The master decides it once, when a request comes in, with the
 * credentials its caller had at that moment; what already runs on a node is not touched by a later change.
 *
 * A node is like a file: an owner, a group and three execute bits. To execute it is to place work on it.
 */

import { BprocError, type BprocErrorCode } from '../errors.ts';
import { isReachable, isUp, modeString, NODE_MASTER, type NodeInfo } from './node-info.ts';

/** Who is asking, as the transport authenticated it; never what the caller claims. */
export interface Credentials {
  /** Effective uid. */
  readonly uid: number;
  /** Every group of the caller: the effective one and the supplementary ones. */
  readonly gids: readonly number[];
}

/**
 * Who rules the cluster besides uid 0. A cluster that an ordinary user started is that user's own, so that whatever is
 * said here of the administrator holds for both.
 */
export interface Authority {
  /** Uid that started the master. */
  readonly admin: number;
}

/** What a decision has to know of a node. */
export type GuardedNode = Pick<NodeInfo, 'node' | 'state' | 'flags' | 'mode' | 'owner' | 'group'>;

/** Why something is refused, as an error still to be thrown. */
interface Refusal {
  readonly code: BprocErrorCode;
  readonly why: string;
}

/** The user and groups this process runs as. */
export function ownCredentials(): Credentials {
  return {
    uid: process.getuid?.() ?? 0,
    gids: [...new Set([process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])])],
  };
}

/** Whether the caller is uid 0 or the one who started the master. */
export function isAdmin(caller: Credentials, authority: Authority): boolean {
  return caller.uid === 0 || caller.uid === authority.admin;
}

/**
 * Whether the caller may place work on a node.
 *
 * Everybody on the master; nobody on a node that is down or unreachable; the administrator on every other; anyone else
 * on a node that is up and not draining, where the execute bit of his class is set. As in POSIX the first class that
 * fits decides: an owner without his bit is refused even where others have theirs.
 */
export function mayPlace(node: GuardedNode, caller: Credentials, authority: Authority): boolean {
  return refusePlacing(node, caller, authority) === undefined;
}

/**
 * Throws unless {@link mayPlace}.
 *
 * @throws {BprocError} BE_NODEDOWN where the node is down or unreachable; EPERM where the caller has no permission.
 */
export function assertPlace(node: GuardedNode, caller: Credentials, authority: Authority): void {
  enforce(node.node, refusePlacing(node, caller, authority));
}

/**
 * The answer to "may I?" (`bproc_access`): {@link assertPlace} with the code that `access(2)` has for it.
 *
 * @throws {BprocError} BE_NODEDOWN where the node is down or unreachable; EACCES where the caller has no permission.
 */
export function assertAccess(node: GuardedNode, caller: Credentials, authority: Authority): void {
  const refusal = refusePlacing(node, caller, authority);
  enforce(node.node, refusal?.code === 'EPERM' ? { ...refusal, code: 'EACCES' } : refusal);
}

/** Whether the caller may change a node's mode (`bproc_chmod`): owner and administrator, while it is not down. */
export function mayChmod(node: GuardedNode, caller: Credentials, authority: Authority): boolean {
  return refuseChmod(node, caller, authority) === undefined;
}

/** @throws {BprocError} EPERM unless {@link mayChmod}. */
export function assertChmod(node: GuardedNode, caller: Credentials, authority: Authority): void {
  enforce(node.node, refuseChmod(node, caller, authority));
}

/**
 * Whether the caller may give a node to group `gid` (`bproc_chgrp`): its owner if he is in that group, and the
 * administrator, while the node is not down.
 */
export function mayChgrp(node: GuardedNode, gid: number, caller: Credentials, authority: Authority): boolean {
  return refuseChgrp(node, gid, caller, authority) === undefined;
}

/** @throws {BprocError} EPERM unless {@link mayChgrp}. */
export function assertChgrp(node: GuardedNode, gid: number, caller: Credentials, authority: Authority): void {
  enforce(node.node, refuseChgrp(node, gid, caller, authority));
}

/** Whether the caller may change who owns a node (`bproc_chown`): the administrator, while it is not down. */
export function mayChown(node: GuardedNode, caller: Credentials, authority: Authority): boolean {
  return refuseChown(node, caller, authority) === undefined;
}

/** @throws {BprocError} EPERM unless {@link mayChown}. */
export function assertChown(node: GuardedNode, caller: Credentials, authority: Authority): void {
  enforce(node.node, refuseChown(node, caller, authority));
}

/**
 * Whether the caller may set states, flags and attributes, reboot, chroot and the like: the administrator alone. The
 * owner of a node may not, even on his own.
 */
export function mayAdminister(caller: Credentials, authority: Authority): boolean {
  return isAdmin(caller, authority);
}

/**
 * Throws unless {@link mayAdminister}. `action` says what was asked for, such as `set the state of node 3`.
 *
 * @throws {BprocError} EPERM.
 */
export function assertAdminister(node: number, action: string, caller: Credentials, authority: Authority): void {
  if (mayAdminister(caller, authority)) return;
  const why = `uid ${caller.uid} may not ${action}; only ${administrator(authority)} may`;
  throw new BprocError('EPERM', why, { node });
}

/**
 * Throws unless the caller may start processes as the user `user`, who is not the caller: the administrator may.
 *
 * @throws {BprocError} EPERM.
 */
export function assertRunAs(user: string, caller: Credentials, authority: Authority): void {
  if (isAdmin(caller, authority)) return;
  const why = `uid ${caller.uid} may not start processes as user ${JSON.stringify(user)}`;
  throw new BprocError('EPERM', `${why}; only ${administrator(authority)} may`);
}

/** Whether the caller may signal, move or end a process of uid `owner`: that user and the administrator. */
export function maySignal(owner: number, caller: Credentials, authority: Authority): boolean {
  return caller.uid === owner || isAdmin(caller, authority);
}

/** @throws {BprocError} EPERM unless {@link maySignal}; `pid` is the process, for the message. */
export function assertSignal(pid: number, owner: number, caller: Credentials, authority: Authority): void {
  if (maySignal(owner, caller, authority)) return;
  const who = `only uid ${owner}, who owns it, or ${administrator(authority)} may`;
  throw new BprocError('EPERM', `uid ${caller.uid} may not signal process ${pid}; ${who}`, { pid });
}

function refusePlacing(node: GuardedNode, caller: Credentials, authority: Authority): Refusal | undefined {
  if (node.node === NODE_MASTER) return undefined;
  if (!isReachable(node)) {
    const remedy = 'choose a node that is up, or wait until its slave connects again';
    return { code: 'BE_NODEDOWN', why: `node ${node.node} is ${condition(node)} and takes no work; ${remedy}` };
  }
  if (isAdmin(caller, authority)) return undefined;
  const asked = `uid ${caller.uid} may not place work on node ${node.node}, which is ${describe(node)}`;
  if (!isUp(node)) {
    const rule = `a node that is ${condition(node)} takes work from ${administrator(authority)} only`;
    return { code: 'EPERM', why: `${asked}: ${rule}; choose a node that is up` };
  }
  const [kind, bit] = placingClass(node, caller);
  if ((node.mode & bit) !== 0) return undefined;
  const remedy = `ask its owner or ${administrator(authority)} to set mode bit 0o${bit.toString(8)}`;
  return { code: 'EPERM', why: `${asked}: the execute bit of ${kind} is not set; ${remedy}, or choose another node` };
}

function placingClass(node: GuardedNode, caller: Credentials): readonly [kind: string, bit: number] {
  if (caller.uid === node.owner) return ['its owner', 0o100];
  return caller.gids.includes(node.group) ? ['its group', 0o010] : ['others', 0o001];
}

function refuseChmod(node: GuardedNode, caller: Credentials, authority: Authority): Refusal | undefined {
  const fixed = refuseFixed(node, 'mode');
  if (fixed !== undefined || caller.uid === node.owner || isAdmin(caller, authority)) return fixed;
  return mayNotChange(node, 'mode', caller, `only its owner or ${administrator(authority)} may`);
}

function refuseChgrp(node: GuardedNode, gid: number, caller: Credentials, authority: Authority): Refusal | undefined {
  const fixed = refuseFixed(node, 'group');
  if (fixed !== undefined || isAdmin(caller, authority)) return fixed;
  if (caller.uid === node.owner && caller.gids.includes(gid)) return undefined;
  const rule = `only ${administrator(authority)} may, and its owner to a group he is in`;
  return mayNotChange(node, `group to ${gid}`, caller, rule);
}

function refuseChown(node: GuardedNode, caller: Credentials, authority: Authority): Refusal | undefined {
  const fixed = refuseFixed(node, 'owner');
  if (fixed !== undefined || isAdmin(caller, authority)) return fixed;
  return mayNotChange(node, 'owner', caller, `only ${administrator(authority)} may`);
}

/** What nobody can change: the master has no permissions, and a down node gets fresh ones when it connects. */
function refuseFixed(node: GuardedNode, what: string): Refusal | undefined {
  if (node.node === NODE_MASTER) {
    return { code: 'EPERM', why: `the master has no ${what} to change; everybody may place work on it` };
  }
  if (node.state !== 'down') return undefined;
  const remedy = 'nobody can change that until its slave connects';
  return { code: 'EPERM', why: `cannot change the ${what} of node ${node.node}, which is down; ${remedy}` };
}

function mayNotChange(node: GuardedNode, what: string, caller: Credentials, rule: string): Refusal {
  const asked = `uid ${caller.uid} may not change the ${what} of node ${node.node}`;
  return { code: 'EPERM', why: `${asked}, which is ${describe(node)}; ${rule}` };
}

function describe(node: GuardedNode): string {
  return `${condition(node)} (mode ${modeString(node.mode)}, owner ${node.owner}, group ${node.group})`;
}

function condition(node: GuardedNode): string {
  return [node.state, ...node.flags].join(' and ');
}

function administrator({ admin }: Authority): string {
  return admin === 0 ? 'root' : `the administrator (uid ${admin} or root)`;
}

function enforce(node: number, refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new BprocError(refusal.code, refusal.why, { node });
}
