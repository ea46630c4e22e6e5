/** What another slave says of a process that stands still there, as it is taken here: PROTOCOL.md 12.3. */
import { BprocError } from '../../errors.ts';
import {
  type HeldProcess,
  MOST_WRITTEN_BYTES,
  type ProcessIdentity,
  type RemadeTerminal,
  type SpawnRequest,
} from '../../linux/index.ts';
import type { Luggage } from '../../wire/index.ts';
import { sizeOf } from './spawn-request.ts';

/** Files with what it has written and nobody has had. */
export const WRITTEN: readonly string[] = ['stdout', 'stderr'];

/** What is to be told at once is bounded, whatever whoever brings it says. @throws BprocError EPROTO where that is more. */
export function checkWritten({ files }: Luggage): void {
  const isTooMuch = files.some(({ name, size }) => WRITTEN.includes(name) && size > MOST_WRITTEN_BYTES);
  if (isTooMuch) throw new BprocError('EPROTO', `more than ${MOST_WRITTEN_BYTES} bytes that it has written came along`);
}

/** By which pipes the images know its streams. */
export function pipesOf({ pipes }: Luggage): readonly [number, number, number] {
  return [pipes[0] ?? 0, pipes[1] ?? 0, pipes[2] ?? 0];
}

/** What its streams are to be: as many of its own as it had where it was. */
export function streamsOf(luggage: Luggage): Pick<SpawnRequest, 'stdio' | 'terminal'> {
  if (luggage.terminal !== null)
    return { stdio: ['terminal', 'terminal', 'terminal'], terminal: sizeOf(luggage.terminal.size) };
  const [stdin, stdout, stderr] = pipesOf(luggage);
  const kind = (pipe: number): 'ignore' | 'pipe' => (pipe === 0 ? 'ignore' : 'pipe');
  return { stdio: [kind(stdin), kind(stdout), kind(stderr)] };
}

/** What is to be in its terminal, where it has one, which is its user's. */
export function terminalOf({ terminal }: Luggage, owner: number): RemadeTerminal | undefined {
  return terminal === null ? undefined : { owner, typed: Buffer.from(terminal.typed), isRaw: terminal.isRaw };
}

/** Its outputs. @throws BprocError EPROTO where these are not two. */
export function outletsOf({ outlets }: Luggage): readonly Luggage['outlets'][number][] {
  if (outlets.length !== 2) throw new BprocError('EPROTO', 'a process has two outputs');
  return outlets;
}

/** It is taken up like one that was here before, and had been left by an earlier life of this daemon. */
export function heldOf(tag: Uint8Array, luggage: Luggage, identity: ProcessIdentity, unread: number): HeldProcess {
  const [stdout, stderr] = outletsOf(luggage);
  return {
    id: 0,
    tag,
    note: luggage.note,
    marker: '',
    phase: 'running',
    identity,
    inputOffset: luggage.input,
    inputTaken: luggage.input - unread,
    isInputOver: luggage.pipes[0] === 0 && luggage.terminal === null,
    acknowledged: [stdout?.from ?? 0, stderr?.from ?? 0],
    stopped: luggage.stopped === 0 ? undefined : luggage.stopped,
    exit: undefined,
  };
}
