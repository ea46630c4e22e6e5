/** What nodes are called, and what they are not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4Number, ipv4Text, NodeNames, type NodeNaming } from '../../src/nss/node-names.ts';

describe('a name', () => {
  test.each([
    ['.3', 3],
    ['n3', 3],
    ['N3', 3],
    ['n3.', 3],
    ['n-1', -1],
    ['.-1', -1],
    ['.-2', -2],
    ['master', -1],
    ['Self', -2],
    ['n2147483647', 2_147_483_647],
  ])('%s is node %i', (name, node) => {
    expect(new NodeNames().parse(name)).toEqual({ node, addressOffset: 0 });
  });

  test.each(['3', 'n', 'n03', 'n-2', '.-3', 'n3x', 'n2147483648', 'n3.example', '..3', 'n 3', 'nodes', '', '.'])(
    '%s is no node’s',
    (name) => expect(new NodeNames().parse(name)).toBeUndefined(),
  );
});

describe('a site’s own names', () => {
  const names = new NodeNames([
    { format: 'node%03N', first: 1 },
    { format: 'IB-%N.fast.example', addressOffset: '0.0.1.0' },
  ]);

  test('are read and made with their numbers', () => {
    expect(names.parse('node001')).toEqual({ node: 0, addressOffset: 0 });
    expect(names.parse('node1000')).toEqual({ node: 999, addressOffset: 0 });
    expect(names.parse('ib-7.Fast.example')).toEqual({ node: 7, addressOffset: 256 });
    for (const name of ['node1', 'node000', 'node0001', 'ib-07.fast.example', 'ib-7xfast.example'])
      expect(names.parse(name), name).toBeUndefined();
  });

  test('lead back to the number that they were made of, whatever the format is', () => {
    const part = fc.stringMatching(/^[A-Za-z._-]{1,8}$/);
    const naming = fc.record({ before: part, after: part, first: fc.nat(1000), width: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(naming, fc.nat(1_000_000), ({ before, after, first, width }, node) => {
        const format = `${before}%${width === 0 ? '' : `0${width}`}N${after}x`;
        const site: NodeNaming = { format, first };
        const made = new NodeNames([site]);
        expect(made.parse(made.format(site, node))).toEqual({ node, addressOffset: 0 });
      }),
    );
  });

  test.each(['node', '%N', '%N%N', 'a%N b', 'a/%N', 'a%N\n', 'n%0N', `${'a'.repeat(255)}%N`])(
    '%j is refused',
    (format) => {
      expect(() => new NodeNames([{ format }])).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    },
  );

  test('with offsets and numbers that cannot be are refused', () => {
    for (const naming of [{ first: -1 }, { first: 0.5 }, { addressOffset: '1.2.3' }, { addressOffset: '0.0.256.0' }])
      expect(() => new NodeNames([{ format: 'a%N', ...naming }])).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});

test('addresses are numbers and back', () => {
  fc.assert(fc.property(fc.ipV4(), (address) => ipv4Text(ipv4Number(address)) === address));
  expect([ipv4Text(-1), ipv4Text(2 ** 32)]).toEqual([undefined, undefined]);
});
