/** The directories that a slave lends for checkpoints: PROTOCOL.md 12.5 and 12.8. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Standing } from '../../src/bproc/slave/capturing.ts';
import { Rooms } from '../../src/bproc/slave/rooms.ts';
import { BprocError } from '../../src/errors.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import { scratchTree } from '../support/scratch.ts';

let tree: ReturnType<typeof scratchTree>;
let clock: VirtualClock;
let rooms: Rooms;

beforeEach(() => {
  tree = scratchTree({});
  clock = new VirtualClock();
  let made = 0;
  const directory = (): string => {
    made += 1;
    const path = join(tree.path, String(made));
    mkdirSync(path);
    return path;
  };
  rooms = new Rooms({ clock, directory, state: { node: 3 } });
});

afterEach(async () => {
  await rooms[Symbol.asyncDispose]();
  expect(readdirSync(tree.path)).toEqual([]);
  tree[Symbol.dispose]();
});

/** So many milliseconds pass, and what is begun by then is done. */
async function passes(ms: number): Promise<void> {
  const until = clock.now() + ms;
  while ((clock.nextAt ?? until + 1) <= until) clock.step();
  clock.advanceTo(until);
  await Promise.resolve();
}

/** What stands still, with what was done with it. */
function standing(failure?: BprocError): Standing & { readonly done: string[] } {
  const done: string[] = [];
  return {
    done,
    pipes: [0, 0, 0],
    over: Promise.resolve(),
    goOn: async () => void done.push('goes on'),
    end: async () => {
      done.push('ends');
      if (failure !== undefined) throw failure;
    },
  };
}

function lent(what?: Standing): string {
  const directory = rooms.make();
  writeFileSync(join(directory, 'pages-1.img'), 'pages');
  rooms.lend(directory, what);
  return directory;
}

test('one stays for a minute, and for another whenever its client says that it uses it', async () => {
  const process = standing();
  const [kept, forgotten] = [lent(process), lent()];
  await passes(59_000);
  rooms.keep(kept);
  await passes(1000);
  expect(rooms.has(forgotten)).toBe(false);
  await passes(58_000);
  expect(rooms.has(kept)).toBe(true);
  expect(process.done).toEqual([]);
  await passes(1000);
  expect(rooms.has(kept)).toBe(false);
  expect(process.done).toEqual(['goes on']);
  expect(() => rooms.keep(kept)).toThrow(/no place for a checkpoint on node 3: nobody has said for 60 s/);
  await expect(rooms.end(kept)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('one that is still being filled waits for nobody', async () => {
  const directory = rooms.make();
  await passes(24 * 3_600_000);
  expect(existsSync(directory)).toBe(true);
});

test('there are 64, and another one once one is gone', async () => {
  const all = Array.from({ length: 64 }, () => lent());
  expect(() => rooms.make()).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  await rooms.remove(all[5] ?? '');
  lent();
  expect(() => rooms.make()).toThrow(/there are 64 checkpoints on node 3 already/);
});

test('with one that is removed its process runs on, and with one that is ended it never does', async () => {
  const [removed, ended] = [standing(), standing()];
  await rooms.remove(lent(removed));
  expect(removed.done).toEqual(['goes on']);
  const directory = lent(ended);
  await rooms.end(directory);
  await rooms.remove(directory);
  await passes(120_000);
  expect(ended.done).toEqual(['ends']);
  expect(existsSync(directory)).toBe(false);
});

test('to end one again, since its answer was lost, does nothing, and is answered alike', async () => {
  const process = standing();
  const directory = lent(process);
  await Promise.all([rooms.end(directory), rooms.end(directory)]);
  await rooms.end(directory);
  expect(process.done).toEqual(['ends']);
  const failing = lent(standing(new BprocError('ENOTSUP', 'it runs on')));
  await expect(rooms.end(failing)).rejects.toMatchObject({ code: 'ENOTSUP' });
  await expect(rooms.end(failing)).rejects.toMatchObject({ code: 'ENOTSUP' });
});

test('where nothing stands still nothing can be ended', async () => {
  await expect(rooms.end(lent())).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(rooms.end('/etc')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('once they are closed nothing stands still any more', async () => {
  const [before, after] = [standing(), standing()];
  lent(before);
  const other = lent();
  await rooms.close();
  expect(before.done).toEqual(['goes on']);
  expect(rooms.has(other)).toBe(true);
  expect(() => lent(after)).toThrow(expect.objectContaining({ code: 'BE_NODEDOWN' }));
});
