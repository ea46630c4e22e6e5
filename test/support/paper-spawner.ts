/** A spawner whose processes exist on paper: for slaves that are fed orders which no machine should carry out. */
import { BprocError } from '../../src/errors.ts';
import type {
  ExitStatus,
  HeldProcess,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  TreeEntry,
} from '../../src/linux/index.ts';

/** Processes that echo their input and end with it. */
export class PaperSpawner implements Spawner {
  readonly engine = 'paper';
  #nextPid = 100;
  readonly #running = new Map<number, PaperProcess>();

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    const pid = this.#nextPid;
    this.#nextPid += 1;
    const process = new PaperProcess(pid, sink, () => this.#running.delete(pid));
    this.#running.set(pid, process);
    queueMicrotask(() => {
      if (request.file.startsWith('/no/')) process.refuse();
      else process.begin();
    });
    return process;
  }

  list(): Promise<readonly TreeEntry[]> {
    return Promise.resolve([]);
  }

  signal(): Promise<boolean> {
    return Promise.resolve(false);
  }

  sweep(): Promise<number> {
    return Promise.resolve(0);
  }

  held(): readonly HeldProcess[] {
    return [];
  }

  adopt(): SpawnedProcess {
    throw new BprocError('ESRCH', 'nothing is held on paper');
  }

  leave(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#running.values()) process.end({ kind: 'signaled', signal: 9, core: false });
  }
}

class PaperProcess implements SpawnedProcess {
  readonly #pid: number;
  readonly #sink: SpawnSink;
  readonly #gone: () => void;
  #over = false;

  constructor(pid: number, sink: SpawnSink, gone: () => void) {
    this.#pid = pid;
    this.#sink = sink;
    this.#gone = gone;
  }

  begin(): void {
    if (!this.#over) this.#sink.started({ pid: this.#pid, startTime: 1 });
  }

  refuse(): void {
    this.#over = true;
    this.#gone();
    this.#sink.failed(new BprocError('ENOENT', 'there is no such program'));
  }

  end(status: ExitStatus): void {
    if (this.#over) return;
    this.#over = true;
    this.#gone();
    queueMicrotask(() => {
      this.#sink.outputEnd(1);
      this.#sink.outputEnd(2);
      this.#sink.exited(status);
    });
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk);
    queueMicrotask(() => {
      if (this.#over) return;
      this.#sink.stdinWritten(bytes.length);
      this.#sink.output(1, bytes);
    });
  }

  endStdin(): void {
    queueMicrotask(() => this.end({ kind: 'exited', code: 0 }));
  }

  signal(signal: number): Promise<boolean> {
    if (!Number.isInteger(signal) || signal < 0 || signal > 64) {
      return Promise.reject(new BprocError('EINVAL', `${signal} is no signal`));
    }
    const alive = !this.#over;
    if (signal === 9 || signal === 15) this.end({ kind: 'signaled', signal, core: false });
    return Promise.resolve(alive);
  }

  pause(): void {}
  resume(): void {}
  closeOutput(): void {}
  discardOutput(): void {}
  acknowledge(): void {}
  forget(): void {}
  note(): void {}
  resize(): void {}
  release(): void {
    this.#over = true;
    this.#gone();
  }
}
