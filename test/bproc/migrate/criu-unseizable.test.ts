/** CRIU meets a thread that it cannot stop just then: one that ends, or waits for a disk, at that moment. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Criu, findCriu } from '../../../src/bproc/migrate/index.ts';
import { createHolderSpawner, findHolder } from '../../../src/linux/index.ts';
import { request } from '../../linux/recorder.ts';
import { scratchTree } from '../../support/scratch.ts';
import { Mover, type Traveller } from './mover.ts';

const REAL = process.env['BPROC_CRIU'] ?? 'criu';
const ERROR = 'Error (compel/src/lib/infect.c:300): Unseizable non-zombie 7 found, state D, err -1/10';

let scratch: ReturnType<typeof scratchTree>;
let mover: Mover;

beforeEach(async () => {
  // it says so as often as is written in `times`, and notes each dump
  const script = `#!/bin/sh
[ "$1" = dump ] || exec '${REAL}' "$@"
echo >> "$(dirname "$0")/dumps"
[ "$(wc -l < "$(dirname "$0")/dumps")" -le "$(cat "$(dirname "$0")/times")" ] || exec '${REAL}' "$@"
while [ "$1" != --images-dir ]; do shift; done
echo '${ERROR}' > "$2/dump.log"
exit 1
`;
  scratch = scratchTree({ criu: script });
  chmodSync(join(scratch.path, 'criu'), 0o755);
  mover = await Mover.open({
    node: () => createHolderSpawner({ pidNamespace: 'root' }),
    engine: async (spawner) => {
      const executable = join(scratch.path, 'criu');
      return new Criu({ ...(await findCriu(REAL, release())), executable, spawner, hook: findHolder() });
    },
  });
});

afterEach(async () => {
  await mover[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

function dumps(): number {
  return readFileSync(join(scratch.path, 'dumps'), 'utf8').length;
}

async function echoer(times: number): Promise<Traveller> {
  writeFileSync(join(scratch.path, 'times'), String(times));
  return mover.start(request('/bin/cat'));
}

async function echoes(traveller: Traveller, text: string): Promise<void> {
  traveller.write(`${text}\n`);
  await traveller.says(new RegExp(`^${text}\n`, 'm'));
}

test('it is tried once more: nothing was captured, and nothing stood still', async () => {
  const cat = await echoer(1);
  await echoes(cat, 'here');
  await mover.move(cat);
  await echoes(cat, 'there');
  expect(dumps()).toBe(2);
});

test('where that does not help it is refused, and runs on', async () => {
  const cat = await echoer(2);
  await expect(mover.capture(cat)).rejects.toMatchObject({
    code: 'ENOTSUP',
    message: expect.stringContaining('runs on: Unseizable non-zombie 7 found, state D'),
  });
  await echoes(cat, 'here');
  expect(dumps()).toBe(2);
});
