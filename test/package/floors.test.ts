import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratchTree } from '../support/scratch.ts';

/** The tree that `npm run lint` is shown here: each file with what it imports. */
const imports: Record<string, readonly string[]> = {
  // A house in order.
  'src/errors.ts': [],
  'src/wire/frame.ts': ['../errors.ts', './gen/codec.js'],
  'src/wire/gen/codec.js': ['declared'],
  'src/wire/index.ts': ['./frame.ts', 'node:events'],
  'src/transport/index.ts': ['../wire/index.ts', 'node:net'],
  'src/linux/index.ts': ['../errors.ts'],
  'src/bproc/node-set.ts': ['../errors.ts'],
  'src/bproc/master/table.ts': ['../node-set.ts'],
  'src/bproc/master/index.ts': ['./table.ts', '../../wire/index.ts'],
  'src/bproc/slave/index.ts': ['../node-set.ts', '../../linux/index.ts'],
  'src/bproc/index.ts': ['./master/index.ts', './slave/index.ts'],
  'src/cluster/index.ts': ['../bproc/index.ts', '../transport/index.ts'],
  'src/testing/index.ts': ['../cluster/index.ts'],
  'src/index.ts': ['./cluster/index.ts', './errors.ts'],
  'src/cli/bpsh.ts': ['../index.ts'],
  // One breach each.
  'src/wire/upwards.ts': ['../transport/index.ts'],
  'src/transport/sideways.ts': ['../linux/index.ts'],
  'src/clock.ts': ['./wire/index.ts'],
  'src/cluster/to-index.ts': ['../index.ts'],
  'src/cluster/to-testing.ts': ['../testing/index.ts'],
  'src/testing/to-index.ts': ['../index.ts'],
  'src/cli/to-testing.ts': ['../testing/index.ts'],
  'src/attic/index.ts': ['../errors.ts'],
  'src/cli/to-attic.ts': ['../attic/index.ts'],
  'src/cluster/inside.ts': ['../wire/frame.ts'],
  'src/bproc/slave/inside.ts': ['../master/table.ts'],
  'src/bproc/inside.ts': ['./master/table.ts'],
  'src/wire/impure.ts': ['node:net'],
  'src/linux/circle-a.ts': ['./circle-b.ts'],
  'src/linux/circle-b.ts': ['./circle-a.ts'],
  'src/linux/orphan.ts': [],
  'src/linux/to-test.ts': ['../../test/helper.ts'],
  'src/linux/to-dev.ts': ['dev'],
  'src/linux/to-undeclared.ts': ['undeclared'],
  'src/linux/nowhere.ts': ['./missing.ts'],
  'test/helper.ts': ['../src/errors.ts'],
};

const breaches = [
  'floor-of-wire: src/wire/upwards.ts -> src/transport/index.ts',
  'floor-of-transport: src/transport/sideways.ts -> src/linux/index.ts',
  'floor-of-clock: src/clock.ts -> src/wire/index.ts',
  'floor-of-cluster: src/cluster/to-index.ts -> src/index.ts',
  'floor-of-cluster: src/cluster/to-testing.ts -> src/testing/index.ts',
  'floor-of-testing: src/testing/to-index.ts -> src/index.ts',
  'floor-of-cli: src/cli/to-testing.ts -> src/testing/index.ts',
  'without-a-floor: src/attic/index.ts -> src/errors.ts',
  'to-what-has-no-floor: src/cli/to-attic.ts -> src/attic/index.ts',
  'through-the-index: src/cluster/inside.ts -> src/wire/frame.ts',
  'through-the-index-in-bproc: src/bproc/slave/inside.ts -> src/bproc/master/table.ts',
  'through-the-index-in-bproc: src/bproc/inside.ts -> src/bproc/master/table.ts',
  'wire-is-pure: src/wire/impure.ts -> net',
  'no-circles: src/linux/circle-a.ts -> src/linux/circle-b.ts',
  'no-orphans: src/linux/orphan.ts -> src/linux/orphan.ts',
  'product-code-only: src/linux/to-test.ts -> test/helper.ts',
  'declared-dependencies-only: src/linux/to-dev.ts -> node_modules/dev/index.js',
  'declared-dependencies-only: src/linux/to-undeclared.ts -> node_modules/undeclared/index.js',
  'resolvable: src/linux/nowhere.ts -> ./missing.ts',
];

test('each rule of the house plan finds its breach, and nothing else is one', () => {
  const sources = Object.entries(imports).map(([file, targets]) => {
    // Types alone are enough for a breach.
    const lines = targets.map(
      (target, n) => `import type * as m${n} from '${target}';\nexport type T${n} = typeof m${n};`,
    );
    return [file, file.endsWith('.js') ? `import '${targets.join()}';` : lines.join('\n')];
  });
  using house = scratchTree({
    ...Object.fromEntries(sources),
    'package.json': JSON.stringify({ dependencies: { declared: '1' }, devDependencies: { dev: '1' } }),
    ...Object.fromEntries(['declared', 'dev', 'undeclared'].map((name) => [`node_modules/${name}/index.js`, ''])),
  });

  const cruiser = resolve('node_modules/.bin/depcruise');
  const args = ['src', '--config', resolve('.dependency-cruiser.cjs'), '--output-type', 'json'];
  const { stdout } = spawnSync(cruiser, args, { cwd: house.path, encoding: 'utf8' });
  const { violations } = JSON.parse(stdout).summary;
  const found = violations.map(
    (found: { rule: { name: string }; from: string; to: string }) => `${found.rule.name}: ${found.from} -> ${found.to}`,
  );
  expect(found.toSorted()).toEqual(breaches.toSorted());
});
