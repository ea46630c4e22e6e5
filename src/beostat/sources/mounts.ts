/** How full file systems are. */
import { statfs } from 'node:fs/promises';
import { KernelFile } from './kernel-file.ts';
import { deviceName, MOST_DEVICES, type Places, type Reading, type Source } from './source.ts';

/** In KiB; and how many files there are room for. */
const FIELDS = ['total', 'free', 'available', 'files', 'filesFree'] as const;
/** Those of disks and memory. A server that is away would keep whoever asks about its own waiting for ever. */
const LOCAL = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'vfat',
  'tmpfs',
  'overlay',
  'zfs',
]);
/** They do not fill quickly, in milliseconds. */
const ASKED_MS = 10_000;

/** Room on each local file system. It is asked for beside the samples, which have what is known. */
export function mountsSource({ proc }: Places, now: () => number): Source & Disposable {
  const file = new KernelFile(`${proc}/mounts`);
  let known: Reading = { devices: [], figures: [] };
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    const found = await Promise.all(localMounts(file.text()).map(roomOf));
    const there = found.filter((each) => each !== undefined);
    known = { devices: there.map(({ name }) => name), figures: there.flatMap(({ figures }) => figures) };
  };
  return {
    name: 'mount',
    fields: FIELDS,
    counts: false,
    read: () => {
      if (asking === undefined && now() - askedAt >= ASKED_MS) {
        askedAt = now();
        asking = ask()
          // where the list cannot be read, what was known of it is still the best there is
          .catch(() => {})
          .finally(() => {
            asking = undefined;
          });
      }
      return known;
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

async function roomOf(path: string): Promise<{ readonly name: string; readonly figures: number[] } | undefined> {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(path);
    if (blocks === 0) return undefined;
    const room = [blocks, bfree, bavail].map((count) => Math.floor((count * bsize) / 1024));
    return { name: deviceName(path), figures: [...room, files, ffree] };
  } catch {
    // it may have been unmounted just now, or not be for everybody
    return undefined;
  }
}

/** Where local file systems are, each once. */
export function localMounts(text: string): readonly string[] {
  const seen = new Set<string>();
  const paths: string[] = [];
  for (const line of text.split('\n')) {
    const [device = '', path = '', kind = ''] = line.split(' ');
    const source = kind === 'tmpfs' || kind === 'overlay' ? path : device;
    if (!LOCAL.has(kind) || seen.has(source) || paths.length === MOST_DEVICES) continue;
    seen.add(source);
    // blanks and the like are octal there
    paths.push(path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))));
  }
  return paths;
}
