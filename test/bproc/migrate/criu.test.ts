import { release } from 'node:os';
import { Criu, findCriu } from '../../../src/bproc/migrate/index.ts';
import { createHolderSpawner, findHolder, type Spawner } from '../../../src/linux/index.ts';
import { checkpointerSuite } from './suite.ts';

checkpointerSuite('CRIU', {
  node: () => createHolderSpawner({ pidNamespace: 'root' }),
  engine: async (spawner: () => Spawner) => {
    const found = await findCriu(process.env['BPROC_CRIU'] ?? 'criu', release());
    return new Criu({ ...found, spawner, hook: findHolder() });
  },
});
