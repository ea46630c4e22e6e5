/** What daemons that were killed -9 leave in the directory of temporary files: gone when the next one of their user comes. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { type Daemon, Machines } from '../support/daemons.ts';

let machines: Machines;
let temporary: string;
const usual = process.env['TMPDIR'];

beforeEach(async () => {
  machines = await Machines.create();
  temporary = join(machines.directory, 'tmp');
  mkdirSync(temporary);
  process.env['TMPDIR'] = temporary;
});

afterEach(async () => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await machines[Symbol.asyncDispose]();
});

/** A slave that nothing survives. */
function slave(node: number): Promise<Daemon> {
  return machines.run('slave', [JSON.stringify({ master: machines.address, node })]);
}

/** What programs have made there, with who they are. */
function made(): readonly { readonly kind: string; readonly pid: number }[] {
  return readdirSync(temporary).flatMap((name) => {
    const [, kind = '', pid] = /^bproc-([a-z]+)-(\d+)-/.exec(name) ?? [];
    return pid === undefined ? [] : [{ kind, pid: Number(pid) }];
  });
}

function kindsOf({ process: { pid } }: Daemon): readonly string[] {
  return made()
    .filter((each) => each.pid === pid)
    .map(({ kind }) => kind)
    .sort();
}

test('their sockets and images go; those of the living, and what is another’s by its name, stay', async () => {
  const master = await machines.master();
  const [living, killed] = [await slave(0), await slave(1)];
  {
    await using bp = await connect({ master: machines.address });
    await bp.vexecmove('0-1', '/bin/true');
  }
  const kinds = ['gateway', 'images', 'peers'];
  expect([living, killed].map(kindsOf)).toEqual([kinds, kinds]);
  expect(kindsOf(master)).toEqual(['images']);
  await killed.kill();
  mkdirSync(join(temporary, 'bproc-peers-1-mine'));
  // of a pid namespace that cannot be looked into
  mkdirSync(join(temporary, 'bproc-peers-999999999-1-1-abcdef'));
  expect(kindsOf(killed)).toEqual(kinds);
  await slave(2);
  expect([living, killed].map(kindsOf)).toEqual([kinds, []]);
  await master.kill();
  expect(kindsOf(master)).toEqual(['images']);
  await machines.master();
  expect(kindsOf(master)).toEqual([]);
  expect(readdirSync(temporary)).toContain('bproc-peers-1-mine');
  expect(readdirSync(temporary)).toContain('bproc-peers-999999999-1-1-abcdef');
});
