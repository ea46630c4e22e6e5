/** What this program may do beyond its user: by the kernel's capabilities, whatever its uid. */
import { readFileSync } from 'node:fs';

/** Numbers of those that matter here; capabilities(7). */
const CAPABILITIES = {
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  SYS_ADMIN: 21,
  SYS_RESOURCE: 24,
} as const;

/** One of them. */
export type Capability = keyof typeof CAPABILITIES;

/** Whether all of these are effective now. */
export function mayUse(...wanted: readonly Capability[]): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return wanted.every((each) => ((BigInt(`0x${effective}`) >> BigInt(CAPABILITIES[each])) & 1n) === 1n);
}

/** Whether it may give processes another root, and mount what is seen there. */
export function mayMount(): boolean {
  return mayUse('SYS_ADMIN', 'SYS_CHROOT');
}

/** Whether it may start processes as other users, and end them. */
export function mayActForOthers(): boolean {
  return mayUse('SETUID', 'SETGID', 'KILL');
}
