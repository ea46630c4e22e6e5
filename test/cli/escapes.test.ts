import { describe, expect, test } from 'vitest';
import { EscapeReader } from '../../src/cli/escapes.ts';

/** What becomes of what is typed, as text with the escapes in angle brackets. */
function read(...pieces: readonly string[]): string {
  let told = '';
  const reader = new EscapeReader(
    (bytes) => {
      told += bytes.toString('latin1');
    },
    (order) => {
      told += `<${order}>`;
    },
  );
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'));
  return told;
}

describe('escapes', () => {
  test.each([
    ['at the very beginning', '~.', '<leave>'],
    ['after a line', 'ls\r~.', 'ls\r<leave>'],
    ['after a line feed', 'ls\n~?', 'ls\n<help>'],
    ['not in a line', 'ls ~.', 'ls ~.'],
    ['to stop', 'a\r~\x1ab', 'a\r<suspend>b'],
    ['a tilde of its own, which ends the beginning', '~~.~.', '~.~.'],
    ['what is none', '~/bin\r', '~/bin\r'],
    ['a tilde and the end of the line', '~\r~.', '~\r<leave>'],
    ['two in a row', '~?~.', '<help><leave>'],
    ['bytes of every kind', '\x00\x03\x04\xff', '\x00\x03\x04\xff'],
  ])('%s', (_, typed, told) => {
    expect(read(typed)).toBe(told);
    expect(read(...typed)).toBe(told);
  });
});
