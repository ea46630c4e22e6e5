import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { signalName, signalNumber } from '../../src/linux/index.ts';

describe('signals', () => {
  it('agree with what Node knows of them', () => {
    for (const [name, number] of Object.entries(constants.signals)) expect(signalNumber(name)).toBe(number);
  });

  it('are taken by name, short name, number and digits', () => {
    for (const signal of ['SIGTERM', 'TERM', 'term', 'SigTerm', 15, '15']) expect(signalNumber(signal)).toBe(15);
    expect(signalNumber(0)).toBe(0);
    expect(signalNumber('SIGRTMIN')).toBe(34);
    expect(signalNumber('rtmin+3')).toBe(37);
    expect(signalNumber('SIGRTMAX-1')).toBe(63);
  });

  it('have one name each, which leads back', () => {
    for (let number = 1; number <= 64; number += 1) expect(signalNumber(signalName(number))).toBe(number);
    expect([signalName(9), signalName(15), signalName(34), signalName(64)]).toEqual([
      'SIGKILL',
      'SIGTERM',
      'SIGRTMIN',
      'SIGRTMAX',
    ]);
  });

  it.each(['', 'SIG', 'SIGNONE', 'TERM ', '-1', '1.5', 65, -1, 1.5, Number.NaN, 'SIGRTMIN+31', 'SIGRTMAX-99', '99'])(
    'refuse %j',
    (signal) => {
      expect(() => signalNumber(signal)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    },
  );

  it('have no name beyond 64', () => {
    for (const number of [0, -1, 65, 2.5]) {
      expect(() => signalName(number)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    }
  });
});
