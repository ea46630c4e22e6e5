/** What a slave captures processes by: looked for when the first one moves, since most never do. */
import { release } from 'node:os';
import { BprocError } from '../../errors.ts';
import { findHolder, type Spawner } from '../../linux/index.ts';
import { type Checkpointer, Criu, findCriu } from '../migrate/index.ts';

/** Gives the engine, looked for once; again where it was not found. @param executable CRIU's path or name. @param packDirectory where it is put to be run in the roots of processes. */
export function checkpointerBy(
  executable: string,
  packDirectory: () => string,
): (spawner: () => Spawner) => Promise<Checkpointer> {
  let found: Promise<Checkpointer> | undefined;
  return (spawner) => {
    found ??= find(executable, packDirectory, spawner).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

async function find(executable: string, packDirectory: () => string, spawner: () => Spawner): Promise<Checkpointer> {
  if (spawner().engine !== 'holder') {
    throw new BprocError('ENOSYS', 'processes are moved by slaves with the engine holder: build it with a C compiler');
  }
  const criu = new Criu({ ...(await findCriu(executable, release())), spawner, hook: findHolder(), packDirectory });
  await criu.check();
  return criu;
}
