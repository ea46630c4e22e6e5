/** Which version two sides speak [PROTOCOL 3.1]. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseVersion, PROTOCOL, unspoken } from '../../src/wire/index.ts';

describe('the version', () => {
  test('is the highest that both speak', () => {
    fc.assert(
      fc.property(fc.nat(PROTOCOL.majorMax + 3), fc.nat(PROTOCOL.majorMax + 3), (majorMin, majorMax) => {
        const ours = Array.from({ length: PROTOCOL.majorMax - PROTOCOL.majorMin + 1 }, (_, n) => n + PROTOCOL.majorMin);
        const both = ours.filter((each) => each >= majorMin && each <= majorMax);
        if (both.length > 0) expect(chooseVersion({ majorMin, majorMax })).toBe(Math.max(...both));
        else expect(() => chooseVersion({ majorMin, majorMax })).toThrow(/upgrade it$/);
      }),
    );
  });

  test('that is missing is said with both ranges and who is to be upgraded', () => {
    const next = PROTOCOL.majorMax + 1;
    expect(() => chooseVersion({ majorMin: next, majorMax: next + 1 })).toThrow(
      `the peer speaks protocol ${next} to ${next + 1}, the master 1 to 1: the master is too old, upgrade it`,
    );
    expect(() => chooseVersion({ majorMin: 0, majorMax: 0 })).toThrow(
      'the peer speaks protocol 0 to 0, the master 1 to 1: the peer is too old, upgrade it',
    );
  });

  test('of a WELCOME is one that was offered', () => {
    expect(unspoken({ major: PROTOCOL.majorMax })).toBeUndefined();
    for (const major of [PROTOCOL.majorMin - 1, PROTOCOL.majorMax + 1]) {
      expect(unspoken({ major })).toMatchObject({
        code: 'EPROTO',
        message: `the master chose protocol ${major}, this program speaks 1 to 1: upgrade it`,
      });
    }
  });
});
