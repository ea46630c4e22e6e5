/** Programs of the virtual world: generators that wait on the virtual clock. */
import type { Cancel } from '../clock.ts';
import type { BprocErrorCode } from '../errors.ts';

/** Something a program waits for: calls `resume` later, never before it has returned. */
export type Wait = (resume: () => void) => Cancel;

/** A program: a generator that waits by `yield*` on what its {@link ProgramIo} offers, and returns its exit code. */
export type Program = (self: ProgramIo) => Generator<Wait, number, void>;

/** What a registry has under a name: a program, or the error with which starting it fails. */
export type ProgramEntry = Program | BprocErrorCode;

/** What a program sees of its machine. */
export interface ProgramIo {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its pid on its node. */
  readonly pid: number;
  /** Waits for so many milliseconds; longer while it is stopped. */
  sleep(ms: number): Generator<Wait, void, void>;
  /** Waits for ever: until a signal ends it. */
  forever(): Generator<Wait, never, void>;
  /** Writes to an output, waiting where its pipe is full. False where nobody reads it any more (EPIPE). */
  write(fd: 1 | 2, bytes: Uint8Array): Generator<Wait, boolean, void>;
  /** The next input, at most `most` bytes; undefined at its end. */
  read(most?: number): Generator<Wait, Buffer | undefined, void>;
  /** Reads no more. */
  closeInput(): void;
  /** What a signal does; without this it does what Linux does by default. KILL and STOP cannot be changed. */
  on(signal: number, action: 'ignore' | (() => void)): void;
  /** Starts a child in its own process group and session, without input and outputs. Returns its pid. */
  fork(program: Program, argv?: readonly string[]): number;
}

/** `echo WORD...` */
function* echo(self: ProgramIo): Generator<Wait, number, void> {
  yield* self.write(1, Buffer.from(`${self.argv.slice(1).join(' ')}\n`));
  return 0;
}

/** `cat`: writes what it reads. */
function* cat(self: ProgramIo): Generator<Wait, number, void> {
  for (;;) {
    const bytes = yield* self.read();
    if (bytes === undefined) return 0;
    if (!(yield* self.write(1, bytes))) return 141;
  }
}

/** `sleep MS` */
function* sleep(self: ProgramIo): Generator<Wait, number, void> {
  yield* self.sleep(Number(self.argv[1] ?? 0));
  return 0;
}

/** `exit CODE` */
// biome-ignore lint/correctness/useYield: a program that waits for nothing
function* exit(self: ProgramIo): Generator<Wait, number, void> {
  return Number(self.argv[1] ?? 0);
}

/** `write BYTES CHUNK EVERY_MS [FD]`: so many zero bytes, a chunk at a time. */
function* write(self: ProgramIo): Generator<Wait, number, void> {
  const [bytes = 0, chunk = 4096, everyMs = 0, fd = 1] = self.argv.slice(1).map(Number);
  for (let left = bytes; left > 0; left -= chunk) {
    if (!(yield* self.write(fd === 2 ? 2 : 1, Buffer.alloc(Math.min(left, chunk))))) return 141;
    if (everyMs > 0) yield* self.sleep(everyMs);
  }
  return 0;
}

/** `stubborn MS`: sleeps, and ignores TERM. */
function* stubborn(self: ProgramIo): Generator<Wait, number, void> {
  self.on(15, 'ignore');
  yield* self.sleep(Number(self.argv[1] ?? 60_000));
  return 0;
}

/** `family COUNT MS`: forks so many sleepers, and sleeps as long as they do. */
function* family(self: ProgramIo): Generator<Wait, number, void> {
  const [count = 1, ms = 1000] = self.argv.slice(1).map(Number);
  for (let child = 0; child < count; child += 1) self.fork(sleep, ['sleep', String(ms)]);
  yield* self.sleep(ms);
  return 0;
}

/** The programs every virtual node has. */
export const PROGRAMS: Readonly<Record<string, ProgramEntry>> = {
  cat,
  echo,
  exit,
  family,
  secret: 'EACCES',
  sleep,
  stubborn,
  write,
};
