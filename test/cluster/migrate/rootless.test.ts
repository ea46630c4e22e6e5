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
        const scratch = openScratch();
        try {
          const program = await bundleProgram('rootless-move.mjs', scratch.path);
          const holder = join(scratch.path, 'native/prebuilt', `bpspawn-${process.arch}`);
          mkdirSync(dirname(holder), { recursive: true });
          copyFileSync(findHolder(), holder);
          const roots = names.map((name) => join(scratch.path, name));
          for (const root of roots) mkdirSync(root);
          const env = { ...process.env, PATH: '/usr/bin:/bin' };
          const user = { uid: NOBODY, gid: NOBODY, cwd: scratch.path, env } as const;
          const child = spawn(process.execPath, [program, ...roots], { ...user, stdio: ['ignore', 'pipe', 'inherit'] });
          const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
          const { pid, ...rest } = JSON.parse(said) as { readonly pid: number };
          expect(rest).toEqual({
            node: 0,
            refused: expect.stringMatching(
              /^EPERM 127\.0\.0\.1 cannot go along: this slave may not change addresses; run/,
            ),
            end: { kind: 'exited', code: 7 },
            text: `${pid}\n${pid} there\n${pid} back\n`,
          });
          expect(child.exitCode).toBe(0);
        } finally {
          scratch[Symbol.dispose]();
        }
      },
    );
  },
);
