/** What a slave says of the machine it is on, and of its own life there. */
import { createHash } from 'node:crypto';
import { availableParallelism, hostname, machine, release, totalmem } from 'node:os';
import { ID_BYTES } from '../ids.ts';

/** Identity of one life of a node's processes: of the kernel's boot, and of whoever holds them. */
export function bootIdOf(kernelBoot: string, instance: Uint8Array): Uint8Array {
  return createHash('sha256').update(kernelBoot).update(instance).digest().subarray(0, ID_BYTES);
}

/** How a node calls itself in the node table. */
export function machineName(): string {
  return hostname();
}

/** What the node table shows of every machine; `memory` is in bytes. */
export function machineAttributes(): Record<string, string> {
  const name = hostname();
  return {
    cpus: String(availableParallelism()),
    memory: String(totalmem()),
    arch: machine(),
    kernel: release(),
    // the kernel takes any bytes for one
    ...(/^[\w.-]+$/.test(name) ? { hostname: name } : {}),
  };
}
