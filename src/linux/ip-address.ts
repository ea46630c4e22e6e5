/** Addresses of IPv4 and IPv6 as the kernel takes them. */
import { isIP } from 'node:net';
import { BprocError } from '../errors.ts';

const GROUPS = 8;

/** The 4 or 16 bytes of an address. @throws BprocError EINVAL for what is none. */
export function addressBytes(text: string): Buffer {
  const kind = isIP(text);
  if (kind === 4) return Buffer.from(text.split('.').map(Number));
  if (kind !== 6 || text.includes('%'))
    throw new BprocError('EINVAL', `${JSON.stringify(text)} is no address of IPv4 or IPv6`);
  // the last 4 bytes may be written as those of IPv4
  const plain = text.replace(/[\d.]+\.\d+$/, (tail) => {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [before = '', after] = plain.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16));
  const [head, tail] = [groups(before), groups(after ?? '')];
  const all = [...head, ...Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail];
  const bytes = Buffer.alloc(2 * GROUPS);
  for (const [index, group] of all.entries()) bytes.writeUInt16BE(group, 2 * index);
  return bytes;
}
