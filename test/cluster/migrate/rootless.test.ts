/** Processes of an ordinary user's cluster go from node to node too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { findHolder } from '../../../src/linux/index.ts';
import { userNamespaceRefusal } from '../../linux/suite/nobody.ts';
import { bundleProgram, NOBODY, openScratch } from '../../support/other-user.ts';

const refusal = userNamespaceRefusal();

describe.skipIf(refusal !== undefined)(
  `of an ordinary user${refusal === undefined ? '' : `, left out: ${refusal}`}`,
  () => {
    test.each([{ names: [] }, { names: ['root0', 'root1'] }])(
      'a process moves to and fro, between nodes with the roots $names',
      async ({ names }) => {
        using scratch = openScratch();
        const roots = names.map((name) => join(scratch.path, name));
        for (const root of roots) mkdirSync(root);
        const said = await runAsNobody(scratch.path, 'rootless-move.mjs', roots);
        const { pid, ...rest } = JSON.parse(said) as { readonly pid: number };
        expect(rest).toEqual({
          node: 0,
          refused: expect.stringMatching(
            /^EPERM 127\.0\.0\.1 cannot go along: this slave may not change addresses; run/,
          ),
          later: expect.stringMatching(/^ENOTSUP memory can be sent later only where the slave is root/),
          end: { kind: 'exited', code: 7 },
          text: `${pid}\n${pid} there\n${pid} back\n`,
        });
      },
    );

    test.each([{ names: [] }, { names: ['root0', 'root1'] }])(
      'a process moves with its terminal, between nodes with the roots $names',
      async ({ names }) => {
        using scratch = openScratch();
        const roots = names.map((name) => join(scratch.path, name));
        for (const root of roots) mkdirSync(root);
        const said = await runAsNobody(scratch.path, 'rootless-terminal.mjs', roots);
        const end = { kind: 'exited', code: 7 };
        expect(JSON.parse(said)).toEqual({ node: 0, end, text: 'one\r\ntwo\r\none two\r\n' });
      },
    );

    test('a process is copied to nodes that have its files from each other', async () => {
      using scratch = openScratch();
      const said = await runAsNobody(scratch.path, 'rootless-vrfork.mjs', []);
      const { pids, said: lines } = JSON.parse(said) as { readonly pids: readonly number[]; readonly said: unknown };
      expect(new Set(pids).size).toBe(3);
      expect(lines).toEqual(pids.map((pid) => `${pid} ${8 * 1024 * 1024}\n`));
    });
  },
);

/** What a program of `test/fixtures` writes as another user, in a directory of his. */
async function runAsNobody(directory: string, fixture: string, args: readonly string[]): Promise<string> {
  const program = await bundleProgram(fixture, directory);
  const holder = join(directory, 'native/prebuilt', `bpspawn-${process.arch}`);
  mkdirSync(dirname(holder), { recursive: true });
  copyFileSync(findHolder(), holder);
  const env = { ...process.env, PATH: '/usr/bin:/bin' };
  const user = { uid: NOBODY, gid: NOBODY, cwd: directory, env } as const;
  const child = spawn(process.execPath, [program, ...args], { ...user, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(child.exitCode).toBe(0);
  return said;
}
