/** What a machine's CPU can: what a process has found out about that, it goes by wherever it is. */
import { readFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { BprocError } from '../../errors.ts';

/** A kind of CPU. */
export interface Cpu {
  /** As Node calls it. */
  readonly architecture: string;
  /** As `/proc/cpuinfo` names them. */
  readonly features: readonly string[];
}

/** That of this machine. @param cpuInfo the file that tells of it. */
export async function ownCpu(cpuInfo = '/proc/cpuinfo'): Promise<Cpu> {
  const text = await readFile(cpuInfo, 'utf8');
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '';
  return { architecture: arch(), features: line.split(/\s+/).filter((feature) => feature !== '') };
}

/**
 * Checks that this CPU can all that another one could.
 *
 * @param what that was on the other one, such as "the checkpoint".
 * @throws BprocError ENOTSUP for another kind of CPU, and with what this one lacks.
 */
export function checkCpu(here: Cpu, there: Cpu, what: string): void {
  if (there.architecture !== here.architecture) {
    throw new BprocError('ENOTSUP', `${what} is of a CPU of kind ${there.architecture}, and not ${here.architecture}`);
  }
  const able = new Set(here.features);
  const lacking = there.features.filter((feature) => !able.has(feature));
  if (lacking.length === 0) return;
  throw new BprocError('ENOTSUP', `the CPU here lacks what that of ${what} had: ${lacking.join(', ')}`);
}
