import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connectionsOf, refusalOf } from '../../../src/bproc/migrate/criu/descriptors.ts';

const device = (major: number, minor: number): number => major * 256 + minor;

it.each([
  [{ link: '/home/file', size: 1e12 }, undefined],
  [{ link: '/home/file (deleted)', size: 100 }, undefined],
  [{ link: '/home/file (deleted)', size: 101 }, '/home/file, which was deleted and has 101 bytes, more than the 100'],
  [{ link: 'pipe:[1]' }, undefined],
  [{ link: 'socket:[1]' }, undefined],
  [{ link: 'anon_inode:[eventpoll]' }, undefined],
  [{ link: 'anon_inode:inotify' }, undefined],
  [{ link: 'anon_inode:[userfaultfd]' }, 'a userfaultfd'],
  [{ link: 'anon_inode:[perf_event]' }, 'a perf_event'],
  [
    { link: 'anon_inode:[io_uring]' },
    'an io_uring, as Node 22 and later do: start it on a slave with noIoUring (bpslave --no-io-uring)',
  ],
  [{ link: '/dev/null', device: device(1, 3) }, undefined],
  [{ link: '/dev/net/tun', device: device(10, 200) }, undefined],
  [{ link: '/dev/tty', device: device(5, 0) }, 'the terminal /dev/tty'],
  [{ link: '/dev/pts/7', device: device(136, 7) }, 'the terminal /dev/pts/7'],
  [{ link: '/dev/nvidia0', device: device(195, 0) }, 'a GPU, /dev/nvidia0'],
  [{ link: '/dev/dri/renderD128', device: device(226, 128) }, 'a GPU, /dev/dri/renderD128'],
  [{ link: '/dev/infiniband/uverbs0', device: device(231, 192) }, 'an InfiniBand device, /dev/infiniband/uverbs0'],
  [{ link: '/dev/fuse', device: device(10, 229) }, 'a device, /dev/fuse'],
])('of %o it says %s', (target, expected) => {
  const said = refusalOf(target, 100);
  if (expected === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(expected);
});

it('lets a process have its own terminal, by whichever name, and no other', () => {
  const own = device(136, 7);
  expect(refusalOf({ link: '/dev/pts/7', device: own }, 100, own)).toBeUndefined();
  expect(refusalOf({ link: '/dev/tty', device: device(5, 0) }, 100, own)).toBeUndefined();
  expect(refusalOf({ link: '/dev/pts/8', device: device(136, 8) }, 100, own)).toContain('the terminal /dev/pts/8');
  expect(refusalOf({ link: '/dev/ptmx', device: device(5, 2) }, 100, own)).toContain('the terminal /dev/ptmx');
});

it('reads the tables of connections, whatever is in them', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (remote: string, state: string, inode: number): string =>
    `   0: 0100007F:A3CF ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 000000002337da96 100 0 0 10 0\n`;
  const text = `${head}${line('00000000:0000', '0A', 7)}${line('0100007F:01BB', '01', 8)}${line('0101A8C0:0050', '08', 9)}${line('0100007F:1', '06', 0)}`;
  expect([...connectionsOf(text)]).toEqual([
    ['8', '127.0.0.1:443'],
    ['9', '192.168.1.1:80'],
  ]);
  const six = `${head}${line('B80D0120000000000000000001000000:0016', '01', 5)}`;
  expect(connectionsOf(six).get('5')).toBe('[2001:db8:0:0:0:0:0:1]:22');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (any, remote) => {
      connectionsOf(any);
      connectionsOf(head + line(remote, '01', 1));
    }),
  );
});
