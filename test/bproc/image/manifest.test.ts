import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage, encodeImage, type Image, type ImageEntry, programOf } from '../../../src/bproc/image/index.ts';
import { BprocError } from '../../../src/errors.ts';
import { encodeManifest } from '../../../src/wire/index.ts';

const BLOB = 'ab'.repeat(32);
const file = (path: string): ImageEntry => ({ kind: 'file', path, blob: BLOB, size: 7, mode: 0o755 });
const link = (path: string, target: string): ImageEntry => ({ kind: 'link', path, target });
const wire = (entries: readonly object[], program = '/p'): Uint8Array => encodeManifest({ program, entries });
const good = { path: '/p', blob: Buffer.alloc(32), size: 1, mode: 0o755 };

// [PROTOCOL 10.1]
describe('an image', () => {
  it('is the same after it was sent, and has one name however it was put together', () => {
    const image: Image = {
      program: '/bin/sh',
      entries: [file('/usr/bin/dash'), link('/bin', 'usr/bin'), link('/usr/bin/sh', 'dash')],
    };
    const { hash, bytes } = encodeImage(image);
    const back = decodeImage(bytes);
    expect(back.program).toBe('/bin/sh');
    expect(new Set(back.entries)).toEqual(new Set(image.entries));
    expect(encodeImage({ ...back, entries: [...back.entries].reverse() }).hash).toBe(hash);
    expect(programOf(back)).toEqual(file('/usr/bin/dash'));
  });

  it.each([
    ['a path that is none', [{ ...good, path: 'p' }]],
    ['a path through a parent', [good, { ...good, path: '/a/../b' }]],
    ['an empty part', [good, { ...good, path: '/a//b' }]],
    ['the root', [good, { ...good, path: '/' }]],
    ['a NUL byte', [good, { ...good, path: '/a\0b' }]],
    ['a name too long', [good, { ...good, path: `/${'a'.repeat(256)}` }]],
    ['the same path twice', [good, good]],
    ['a path through a link', [good, { path: '/a', target: '/etc' }, { ...good, path: '/a/passwd' }]],
    ['a path through a file', [good, { ...good, path: '/p/q' }]],
    ['a hash that is none', [{ ...good, blob: Buffer.alloc(31) }]],
    ['the right to be set to a user', [{ ...good, mode: 0o4755 }]],
    ['a program that is not there', [{ ...good, path: '/q' }]],
    [
      'a program that goes in circles',
      [
        { path: '/p', target: 'q' },
        { path: '/q', target: '/p' },
      ],
    ],
  ])('with %s is refused', (_, entries) => {
    expect(() => decodeImage(wire(entries))).toThrow(expect.objectContaining({ code: 'EPROTO' }));
  });

  it('is refused or sound, whatever bytes it is', () => {
    const { bytes } = encodeImage({ program: '/p', entries: [file('/p'), link('/q', 'p')] });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const changed = Buffer.from(bytes).subarray(0, Math.max(length, at + 1));
        changed[at] = value;
        try {
          for (const { path } of decodeImage(changed).entries) expect(path).toMatch(/^(?:\/[^/]+)+$/);
        } catch (error) {
          if (!BprocError.is(error)) throw error;
          expect(error.code).toBe('EPROTO');
        }
      }),
      { numRuns: 3000 },
    );
  });
});
