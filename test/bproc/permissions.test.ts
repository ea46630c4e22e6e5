import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NODE_MASTER } from '../../src/bproc/node-info.ts';
import {
  type Authority,
  assertAccess,
  assertAdminister,
  assertChgrp,
  assertChmod,
  assertChown,
  assertPlace,
  assertSignal,
  type Credentials,
  type GuardedNode,
  mayAdminister,
  mayChgrp,
  mayChmod,
  mayChown,
  mayPlace,
  maySignal,
} from '../../src/bproc/permissions.ts';
import { BprocError } from '../../src/errors.ts';

const root: Credentials = { uid: 0, gids: [0] };
const owner: Credentials = { uid: 7, gids: [70, 71] };
const member: Credentials = { uid: 8, gids: [80, 70] };
const stranger: Credentials = { uid: 9, gids: [90] };
const byRoot: Authority = { admin: 0 };
const by1000: Authority = { admin: 1000 };
const admin1000: Credentials = { uid: 1000, gids: [1000] };

function node(changes: Partial<GuardedNode> = {}): GuardedNode {
  return { node: 3, state: 'up', flags: [], mode: 0o111, owner: 7, group: 70, ...changes };
}

function failure(call: () => void): BprocError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof BprocError) return error;
    throw error;
  }
}

/** POSIX's rule of access(2), written the long way round: the bits as a table of classes. */
function posixExecutable(mode: number, file: { owner: number; group: number }, caller: Credentials): boolean {
  const digits = mode.toString(8).padStart(3, '0');
  const classes = { user: digits.at(-3), group: digits.at(-2), other: digits.at(-1) };
  let chosen: keyof typeof classes = 'other';
  for (const gid of caller.gids) if (gid === file.group) chosen = 'group';
  if (caller.uid === file.owner) chosen = 'user';
  return classes[chosen] === '1';
}

const anyMode = fc.constantFrom(0, 0o1, 0o10, 0o11, 0o100, 0o101, 0o110, 0o111);
const id = fc.integer({ min: 0, max: 4 });
const anyCaller = fc.record({ uid: id, gids: fc.array(id, { maxLength: 3 }) });
const anyNode: fc.Arbitrary<GuardedNode> = fc.record({
  node: fc.integer({ min: -1, max: 3 }),
  state: fc.constantFrom('up', 'down', 'boot', 'error', 'unavailable', 'maint'),
  flags: fc.subarray(['draining', 'unreachable', 'quiet']),
  mode: anyMode,
  owner: id,
  group: id,
});
const anyAuthority = fc.record({ admin: id });

describe('placing work', () => {
  it('follows POSIX on nodes that are up', () => {
    fc.assert(
      fc.property(anyMode, id, id, anyCaller, (mode, nodeOwner, group, caller) => {
        const expected = caller.uid === 0 || posixExecutable(mode, { owner: nodeOwner, group }, caller);
        expect(mayPlace(node({ mode, owner: nodeOwner, group }), caller, byRoot)).toBe(expected);
      }),
    );
  });

  it('follows the model in every state', () => {
    fc.assert(
      fc.property(anyNode, anyCaller, anyAuthority, (target, caller, authority) => {
        const ruler = caller.uid === 0 || caller.uid === authority.admin;
        const gone = target.state === 'down' || target.flags.includes('unreachable');
        const open = target.state === 'up' && !target.flags.includes('draining');
        let expected: string | undefined = 'EPERM';
        if (target.node === -1) expected = undefined;
        else if (gone) expected = 'BE_NODEDOWN';
        else if (ruler || (open && posixExecutable(target.mode, target, caller))) expected = undefined;
        const error = failure(() => assertPlace(target, caller, authority));
        expect(error?.code).toBe(expected);
        expect(error?.node).toBe(expected === undefined ? undefined : target.node);
        expect(mayPlace(target, caller, authority)).toBe(expected === undefined);
        const access = expected === 'EPERM' ? 'EACCES' : expected;
        expect(failure(() => assertAccess(target, caller, authority))?.code).toBe(access);
      }),
    );
  });

  it('lets the first class that fits decide', () => {
    expect(mayPlace(node({ mode: 0o011 }), owner, byRoot)).toBe(false);
    expect(mayPlace(node({ mode: 0o101 }), member, byRoot)).toBe(false);
    expect(mayPlace(node({ mode: 0o010 }), member, byRoot)).toBe(true);
    expect(mayPlace(node({ mode: 0o001 }), stranger, byRoot)).toBe(true);
    expect(mayPlace(node({ mode: 0 }), root, byRoot)).toBe(true);
  });

  it('says state, mode, owner, group and what to do', () => {
    expect(failure(() => assertPlace(node({ mode: 0o100 }), stranger, byRoot))?.message).toBe(
      'uid 9 may not place work on node 3, which is up (mode ---x------, owner 7, group 70): ' +
        'the execute bit of others is not set; ask its owner or root to set mode bit 0o1, or choose another node',
    );
    expect(failure(() => assertPlace(node({ flags: ['draining'] }), stranger, by1000))?.message).toBe(
      'uid 9 may not place work on node 3, which is up and draining (mode ---x--x--x, owner 7, group 70): a node that ' +
        'is up and draining takes work from the administrator (uid 1000 or root) only; choose a node that is up',
    );
    expect(failure(() => assertPlace(node({ flags: ['unreachable'] }), root, byRoot))?.message).toMatch(
      /^node 3 is up and unreachable and takes no work; choose/,
    );
  });
});

describe('the administrator of a cluster', () => {
  it('is uid 0 and whoever started the master', () => {
    const closed = node({ state: 'error', mode: 0, owner: 5, group: 5 });
    for (const caller of [root, admin1000]) {
      expect(mayPlace(closed, caller, by1000)).toBe(true);
      expect(mayChmod(closed, caller, by1000)).toBe(true);
      expect(mayChgrp(closed, 99, caller, by1000)).toBe(true);
      expect(mayChown(closed, caller, by1000)).toBe(true);
      expect(mayAdminister(caller, by1000)).toBe(true);
      expect(maySignal(5, caller, by1000)).toBe(true);
    }
    expect(mayPlace(closed, admin1000, byRoot)).toBe(false);
    expect(mayAdminister(admin1000, byRoot)).toBe(false);
    expect(maySignal(5, admin1000, byRoot)).toBe(false);
  });
});

describe('changing a node', () => {
  it.each([
    ['root', root, true, true, true, true],
    ['its owner', owner, true, true, false, false],
    ['a member of its group', member, false, false, false, false],
    ['a stranger', stranger, false, false, false, false],
  ])('%s', (_, caller, chmod, chgrpOwn, chgrpOther, chown) => {
    const ownGroup = caller.gids[0] ?? -1;
    expect(mayChmod(node(), caller, byRoot)).toBe(chmod);
    expect(mayChgrp(node(), ownGroup, caller, byRoot)).toBe(chgrpOwn);
    expect(mayChgrp(node(), 555, caller, byRoot)).toBe(chgrpOther);
    expect(mayChown(node(), caller, byRoot)).toBe(chown);
    expect(mayAdminister(caller, byRoot)).toBe(caller === root);
  });

  it('is refused to everybody while the node is down, and on the master', () => {
    fc.assert(
      fc.property(anyNode, anyCaller, anyAuthority, id, (target, caller, authority, gid) => {
        const fixed = [node({ ...target, state: 'down' }), node({ ...target, node: NODE_MASTER })];
        for (const each of fixed) {
          expect(mayChmod(each, caller, authority)).toBe(false);
          expect(mayChgrp(each, gid, caller, authority)).toBe(false);
          expect(mayChown(each, caller, authority)).toBe(false);
        }
      }),
    );
    expect(failure(() => assertChmod(node({ state: 'down' }), root, byRoot))).toMatchObject({
      code: 'EPERM',
      node: 3,
      message: 'cannot change the mode of node 3, which is down; nobody can change that until its slave connects',
    });
  });

  it('is still possible while the node is silent', () => {
    expect(mayChmod(node({ flags: ['unreachable'] }), owner, byRoot)).toBe(true);
  });

  it('throws exactly where it may not be done', () => {
    fc.assert(
      fc.property(anyNode, anyCaller, anyAuthority, id, (target, caller, authority, gid) => {
        const pairs: readonly [boolean, BprocError | undefined][] = [
          [mayChmod(target, caller, authority), failure(() => assertChmod(target, caller, authority))],
          [mayChgrp(target, gid, caller, authority), failure(() => assertChgrp(target, gid, caller, authority))],
          [mayChown(target, caller, authority), failure(() => assertChown(target, caller, authority))],
          [mayAdminister(caller, authority), failure(() => assertAdminister(1, 'do it', caller, authority))],
          [maySignal(target.owner, caller, authority), failure(() => assertSignal(1, target.owner, caller, authority))],
        ];
        for (const [allowed, error] of pairs) expect(error?.code).toBe(allowed ? undefined : 'EPERM');
      }),
    );
  });

  it('says who may', () => {
    expect(failure(() => assertChgrp(node(), 555, owner, by1000))?.message).toBe(
      'uid 7 may not change the group to 555 of node 3, which is up (mode ---x--x--x, owner 7, group 70); ' +
        'only the administrator (uid 1000 or root) may, and its owner to a group he is in',
    );
    expect(failure(() => assertAdminister(3, 'set the state of node 3', owner, byRoot))).toMatchObject({
      node: 3,
      message: 'uid 7 may not set the state of node 3; only root may',
    });
  });
});

describe('signalling a process', () => {
  it('is for its owner and the administrator', () => {
    expect(maySignal(7, owner, byRoot)).toBe(true);
    expect(maySignal(7, member, byRoot)).toBe(false);
    expect(failure(() => assertSignal(1234, 7, member, byRoot))).toMatchObject({
      code: 'EPERM',
      pid: 1234,
      message: 'uid 8 may not signal process 1234; only uid 7, who owns it, or root may',
    });
  });
});
