import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATTRIBUTE_COUNT_MAX,
  attributeOf,
  BASE_STATES,
  checkAttribute,
  checkAttributeName,
  checkFlag,
  checkMode,
  checkState,
  isFlag,
  isReachable,
  isStateWord,
  isUp,
  modeString,
  withAttribute,
} from '../../src/bproc/node-info.ts';
import { BprocError } from '../../src/errors.ts';

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (BprocError.is(error)) return error.code;
    throw error;
  }
}

describe('state words', () => {
  it('takes the base words and words of a site', () => {
    for (const word of [...BASE_STATES, 'maint', 'Maint2', 'a', 'x'.repeat(15)]) {
      expect(checkState(word)).toBe(word);
      expect(isStateWord(word)).toBe(true);
    }
  });

  it.each([
    ['', 'EINVAL', /empty/],
    ['2up', 'EINVAL', /begin with a letter/],
    ['_up', 'EINVAL', /begin with a letter/],
    ['so_so', 'EINVAL', /character other than/],
    ['up ', 'EINVAL', /character other than/],
    ['up\n', 'EINVAL', /character other than/],
    ['\u00fcber', 'EINVAL', /letter A-Z or a-z/],
    ['x'.repeat(16), 'ENOSPC', /16 characters, at most 15/],
  ])('refuses %j with %s', (word, code, message) => {
    expect(codeOf(() => checkState(word))).toBe(code);
    expect(() => checkState(word)).toThrow(message);
    expect(isStateWord(word)).toBe(false);
  });

  it('cuts long words and escapes control characters in its message', () => {
    expect(() => checkState(`up\u001b[2J${'x'.repeat(100_000)}`)).toThrow(/^[ -~]{1,200}$/);
  });
});

describe('flags', () => {
  it('takes lower-case words', () => {
    for (const flag of ['draining', 'unreachable', 'x1', 'x'.repeat(31)]) expect(checkFlag(flag)).toBe(flag);
  });

  it.each([
    ['', 'EINVAL'],
    ['Draining', 'EINVAL'],
    ['two words', 'EINVAL'],
    ['1x', 'EINVAL'],
    ['x'.repeat(32), 'ENOSPC'],
  ])('refuses %j with %s', (flag, code) => {
    expect(codeOf(() => checkFlag(flag))).toBe(code);
    expect(isFlag(flag)).toBe(false);
  });
});

describe('attributes', () => {
  it.each([
    ['', 'EINVAL'],
    ['a b', 'EINVAL'],
    ['a=b', 'EINVAL'],
    ['a\tb', 'EINVAL'],
    ['a\u007f', 'EINVAL'],
    ['na\u00efve', 'EINVAL'],
    ['x'.repeat(64), 'ENOSPC'],
  ])('refuses the name %j with %s', (name, code) => {
    expect(codeOf(() => checkAttributeName(name))).toBe(code);
  });

  it('takes names of visible characters', () => {
    for (const name of ['arch', 'a.b/c:d', '<', '>', '~', '!', 'x'.repeat(63), '__proto__']) {
      expect(checkAttributeName(name)).toBe(name);
    }
  });

  it('counts values in bytes of UTF-8', () => {
    expect(codeOf(() => checkAttribute('a', 'x'.repeat(1024)))).toBeUndefined();
    expect(codeOf(() => checkAttribute('a', 'x'.repeat(1025)))).toBe('ENOSPC');
    expect(codeOf(() => checkAttribute('a', '\u00e9'.repeat(512)))).toBeUndefined();
    expect(codeOf(() => checkAttribute('a', `x${'\u00e9'.repeat(512)}`))).toBe('ENOSPC');
    expect(codeOf(() => checkAttribute('a', '\u{1f600}'))).toBeUndefined();
    expect(codeOf(() => checkAttribute('a', '\ud800'))).toBe('EINVAL');
  });

  it('sets one in a new record', () => {
    const before = { arch: 'x86_64' };
    expect(withAttribute(before, 'gpu', '2')).toEqual({ arch: 'x86_64', gpu: '2' });
    expect(withAttribute(before, 'arch', 'arm64')).toEqual({ arch: 'arm64' });
    expect(before).toEqual({ arch: 'x86_64' });
  });

  it('has room for 64, of which each can still change', () => {
    let attributes: Readonly<Record<string, string>> = {};
    for (let i = 0; i < ATTRIBUTE_COUNT_MAX; i++) attributes = withAttribute(attributes, `a${i}`, '');
    expect(codeOf(() => withAttribute(attributes, 'one-more', ''))).toBe('ENOSPC');
    expect(withAttribute(attributes, 'a0', 'new')).toMatchObject({ a0: 'new' });
  });

  it('finds what was set and nothing that every object inherits', () => {
    const info = { node: 3, attributes: withAttribute({ empty: '' }, '__proto__', 'mine') };
    expect(attributeOf(info, 'empty')).toBe('');
    expect(attributeOf(info, '__proto__')).toBe('mine');
    expect(codeOf(() => attributeOf(info, 'constructor'))).toBe('ENODATA');
    expect(codeOf(() => attributeOf(info, 'a b'))).toBe('EINVAL');
    expect(() => attributeOf(info, 'arch')).toThrow(expect.objectContaining({ code: 'ENODATA', node: 3 }));
  });
});

describe('modes', () => {
  it('takes the execute bits and no other', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 0o7777 }), fc.maxSafeNat()), (mode) => {
        const allowed = [0, 0o1, 0o10, 0o11, 0o100, 0o101, 0o110, 0o111].includes(mode);
        expect(codeOf(() => checkMode(mode))).toBe(allowed ? undefined : 'EPERM');
      }),
    );
  });

  it('does not mistake a large number for its low bits', () => {
    expect(codeOf(() => checkMode(2 ** 32 + 1))).toBe('EPERM');
  });

  it.each([-1, 0.5, Number.NaN, Infinity])('refuses %s, which is no mode at all', (mode) => {
    expect(codeOf(() => checkMode(mode))).toBe('EINVAL');
  });

  it.each([
    [0, '----------'],
    [0o111, '---x--x--x'],
    [0o100, '---x------'],
    [0o010, '------x---'],
    [0o001, '---------x'],
    [0o755, '-rwxr-xr-x'],
  ])('prints %o as %s', (mode, text) => {
    expect(modeString(mode)).toBe(text);
  });
});

describe('readiness', () => {
  it.each([
    ['up', [], true, true],
    ['up', ['draining'], true, false],
    ['up', ['unreachable'], false, false],
    ['up', ['quiet'], true, true],
    ['down', [], false, false],
    ['boot', [], true, false],
    ['maint', [], true, false],
  ])('%s %j: reachable %s, up %s', (state, flags, reachable, up) => {
    expect(isReachable({ state, flags })).toBe(reachable);
    expect(isUp({ state, flags })).toBe(up);
  });
});
