/** Checks of what a program passes to a call. Each throws a BprocError EINVAL that names the option. */
import { BprocError } from '../../errors.ts';

/** A string that a system call can take. */
export function checkText(what: string, text: string): void {
  if (typeof text !== 'string') throw new BprocError('EINVAL', `${what} is not a string`);
  if (text.includes('\0')) throw new BprocError('EINVAL', `${what} has a NUL character in it`);
}

/** Milliseconds for the wire, where 0 means unlimited. */
export function checkDuration(name: string, value: number | undefined): number {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return 0;
  return Math.max(1, Math.round(checkNumber(name, value, 0, Number.MAX_SAFE_INTEGER)));
}

/** A number within bounds, whole or not. */
export function checkNumber(name: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new BprocError('EINVAL', `${name} is ${value}: it must be a number from ${least} to ${most}`);
}

/** A variable of an environment. */
export function checkVariable(name: string, value: string): void {
  const quoted = JSON.stringify(name);
  if (typeof value !== 'string') throw new BprocError('EINVAL', `environment variable ${quoted} is not a string`);
  if (name !== '' && !name.includes('=') && !name.includes('\0') && !value.includes('\0')) return;
  throw new BprocError('EINVAL', `environment variable ${quoted} cannot be: no '=' in names, no NUL anywhere`);
}
