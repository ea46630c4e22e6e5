import { release } from 'node:os';
import { Criu, findCriu } from '../../../src/bproc/migrate/index.ts';
import { findHolder } from '../../../src/linux/index.ts';
import { checkpointerSuite } from './suite.ts';

checkpointerSuite('CRIU', async (spawner) => {
  const found = await findCriu(process.env['BPROC_CRIU'] ?? 'criu', release());
  return new Criu({ ...found, spawner, hook: findHolder() });
});
