/** What goes along with a process that stands still, beside its images: PROTOCOL.md 12.3. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { MOST_WRITTEN_BYTES, type StreamPlaces, type TerminalPlace } from '../../linux/index.ts';
import type { Init, Luggage, LuggageOutlet, LuggageTerminal } from '../../wire/index.ts';
import type { MoveParts } from './move-parts.ts';
import { encodeNote } from './notes.ts';
import type { SlaveProcess } from './state.ts';

const SIGSTOP = 19;
const OUTPUTS = ['stdout', 'stderr'] as const;

/**
 * Writes what nobody has had of its outputs.
 *
 * @returns where these are.
 * @throws BprocError ENOTSUP where that is more than goes along; the code of the file operation that failed.
 */
export async function writeRest({ pid, outlets }: SlaveProcess, directory: string): Promise<Init<LuggageOutlet>[]> {
  // what is had meanwhile is in the files all the same
  const found = outlets.map(({ stream, bytes }) => ({
    rest: stream?.rest() ?? Buffer.alloc(0),
    said: { from: stream?.acked ?? bytes, wanted: stream !== undefined },
  }));
  for (const [index, name] of OUTPUTS.entries()) {
    const rest = found[index]?.rest ?? Buffer.alloc(0);
    if (rest.length > MOST_WRITTEN_BYTES) {
      const why = `nobody reads its ${name}, of which ${rest.length} bytes are more than go along`;
      throw new BprocError('ENOTSUP', `process ${pid} cannot be moved: ${why}`, { pid });
    }
    await writeFile(join(directory, name), rest);
  }
  return found.map(({ said }) => said);
}

/** Where its input is, how it is, and what is to become of it. */
export function luggageOf(
  { state, clock }: Pick<MoveParts, 'state' | 'clock'>,
  key: string,
  { phase, timedOut }: SlaveProcess,
  { input, pipes, terminal }: StreamPlaces,
): Pick<Init<Luggage>, 'input' | 'pipes' | 'note' | 'stopped' | 'terminal'> {
  const killAt = state.deadlines.at(`kill ${key}`);
  const killInMs = killAt === undefined ? undefined : Math.max(0, killAt - clock.now());
  const note = encodeNote({ killInMs, timedOut }, clock.wallTime());
  return {
    input,
    pipes: [...pipes],
    note,
    stopped: phase === 'stopped' ? SIGSTOP : 0,
    terminal: terminal && saidTerminal(terminal),
  };
}

/** A program may have said that there is no size. */
function saidTerminal({ rows, columns, typed, ...named }: TerminalPlace): Init<LuggageTerminal> {
  return { ...named, size: { rows: Math.max(1, rows), columns: Math.max(1, columns) }, typed: Buffer.from(typed) };
}
