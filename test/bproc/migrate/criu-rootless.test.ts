import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { Criu, findCriu } from '../../../src/bproc/migrate/index.ts';
import { createHolderSpawner, type Spawner } from '../../../src/linux/index.ts';
import { NOBODY, nobodysHolder, userNamespaceRefusal } from '../../linux/suite/nobody.ts';
import { checkpointerSuite } from './suite.ts';

const executable = process.env['BPROC_CRIU'] ?? 'criu';
const refusal = userNamespaceRefusal() ?? programRefusal();
let umask: number;

/** Why `nobody` cannot run CRIU where it is. */
function programRefusal(): string | undefined {
  const { status } = spawnSync(executable, ['--version'], { uid: NOBODY, gid: NOBODY });
  return status === 0 ? undefined : `${executable} is not for everybody to run`;
}

describe.skipIf(refusal !== undefined)(
  `of an ordinary user${refusal === undefined ? '' : `, left out: ${refusal}`}`,
  () => {
    // what root makes here the holder's user has to write
    beforeAll(() => {
      umask = process.umask(0);
    });
    afterAll(() => void process.umask(umask));

    checkpointerSuite('CRIU', {
      node: (scratch) => {
        const binary = nobodysHolder(scratch);
        return createHolderSpawner({ pidNamespace: 'user', cgroups: 'none', stateDir: join(scratch, 'state'), binary });
      },
      engine: async (spawner: () => Spawner, scratch) => {
        const found = await findCriu(executable, release());
        return new Criu({ ...found, spawner, hook: join(scratch, 'bpspawn'), isRootless: true });
      },
      isRootless: true,
    });
  },
);
