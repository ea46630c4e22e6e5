import { join } from 'node:path';
import { describe, it } from 'vitest';
import { createHolderSpawner } from '../../src/linux/index.ts';
import { describeSpawner } from './spawner-suite.ts';
import { HolderGround } from './suite/ground.ts';
import { NOBODY, nobodysHolder, userNamespaceRefusal } from './suite/nobody.ts';

const isRoot = process.getuid?.() === 0;

// Short, since nothing here depends on how long a descendant may hold an output.
const lingerMs = 50;

describeSpawner('holder', () => createHolderSpawner({ lingerMs, pidNamespace: 'none' }));

describeSpawner('holder that forks', () => {
  return createHolderSpawner({ lingerMs, pidNamespace: 'none', cgroups: 'none', holderOptions: ['--fork'] });
});

describe.skipIf(!isRoot)('in a pid namespace', () => {
  describeSpawner('holder', (path) => createHolderSpawner({ lingerMs, pidNamespace: 'root', stateDir: state(path) }), {
    ground: (path) => new HolderGround(state(path)),
  });
});

const refusal = userNamespaceRefusal();
if (refusal !== undefined) it.skip(`an ordinary user’s holder: ${refusal}`);
describe.skipIf(refusal !== undefined)('in a user namespace', () => {
  describeSpawner(
    'holder',
    (path) => {
      const binary = nobodysHolder(path);
      // This program may make cgroups, its holder may not.
      return createHolderSpawner({
        lingerMs,
        pidNamespace: 'user',
        stateDir: state(path),
        binary,
        cgroups: 'none',
      });
    },
    { ground: (path) => new HolderGround(state(path)), uid: NOBODY },
  );
});

function state(path: string): string {
  return join(path, 'state');
}
