import { spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { findHolder } from '../../src/linux/holder-binary.ts';
import { createHolderSpawner } from '../../src/linux/index.ts';
import { describeSpawner } from './spawner-suite.ts';
import { HolderGround } from './suite/ground.ts';

const NOBODY = 65_534;
const AS_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
const isRoot = process.getuid?.() === 0;

// Short, since nothing here depends on how long a descendant may hold an output.
const lingerMs = 50;

describeSpawner('holder', () => createHolderSpawner({ lingerMs, pidNamespace: 'none' }));

describeSpawner('holder that forks', () => {
  return createHolderSpawner({ lingerMs, pidNamespace: 'none', holderOptions: ['--fork'] });
});

describe.skipIf(!isRoot)('in a pid namespace', () => {
  describeSpawner('holder', (path) => createHolderSpawner({ lingerMs, pidNamespace: 'root', stateDir: state(path) }), {
    ground: (path) => new HolderGround(state(path)),
  });
});

const refusal = isRoot ? userNamespaceRefusal() : 'this test has to become another user, which only root can';
if (refusal !== undefined) it.skip(`an ordinary user’s holder: ${refusal}`);
describe.skipIf(refusal !== undefined)('in a user namespace', () => {
  describeSpawner(
    'holder',
    (path) => {
      // What an ordinary user may execute wherever this package lies.
      const holder = join(path, 'bpspawn');
      const binary = join(path, 'as-nobody');
      copyFileSync(findHolder(undefined), holder);
      writeFileSync(binary, `#!/bin/sh\nexec setpriv ${AS_NOBODY.join(' ')} ${holder} "$@"\n`, { mode: 0o755 });
      mkdirSync(state(path));
      chownSync(state(path), NOBODY, NOBODY);
      return createHolderSpawner({ lingerMs, pidNamespace: 'user', stateDir: state(path), binary });
    },
    { ground: (path) => new HolderGround(state(path)), uid: NOBODY },
  );
});

function state(path: string): string {
  return join(path, 'state');
}

function userNamespaceRefusal(): string | undefined {
  const { status, stderr } = spawnSync('setpriv', [...AS_NOBODY, 'unshare', '-U', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `the kernel forbids user namespaces (${stderr.trim()})`;
}
