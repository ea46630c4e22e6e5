/** One taking end of a copy: what it is given, and what it answers. */
import { BprocError, codeOfErrno, errnoOf } from '../../errors.ts';
import { type FileAgent, goneOrUnreachable } from './copy-agents.ts';
import { copyError, partialError } from './copy-failures.ts';
import type { CopyOptions, CopyResult } from './copy-options.ts';
import type { FileRecord } from './copy-records.ts';
import { numbersOf, RECORD, RecordReader } from './copy-records.ts';

/** Follows what a taker answers, until its result. */
export class Taking {
  readonly agent: FileAgent;
  /** What it has made, or why that is not all. Never rejects. */
  readonly result: Promise<CopyResult | BprocError>;
  readonly #options: CopyOptions;
  readonly #from: number | undefined;
  readonly #records = new RecordReader();
  #resolve: (result: CopyResult | BprocError) => void = () => {};
  #settled = false;
  #brokenOff = false;
  #first: BprocError | undefined;
  #onHave: (record: FileRecord) => void = () => {};

  /** @param from the node whose files it is given; undefined for this machine. */
  constructor(agent: FileAgent, options: CopyOptions, from: number | undefined) {
    this.agent = agent;
    this.#options = options;
    this.#from = from;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    // that it reads no more is told by its result
    agent.stdin.on('error', () => {});
    agent.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    agent.stdout.on('error', (cause) => this.fail(BprocError.from(cause)));
    // what it has written is read before its end counts
    const read = new Promise((resolve) => agent.stdout.once('close', resolve));
    const noResult = new BprocError('EPROTO', 'a file agent ended without a result', { node: agent.node });
    void Promise.all([agent.ended, read]).then(([error]) => this.fail(error ?? noResult));
  }

  /** Whether the copy was broken off before its end, and not by the taker. */
  get isBrokenOff(): boolean {
    return this.#brokenOff;
  }

  /** Whether its result is known. */
  get isOver(): boolean {
    return this.#settled;
  }

  /** Calls back with what it says that it has of a file, for the giver. */
  onHave(listener: (record: FileRecord) => void): void {
    this.#onHave = listener;
  }

  /** What is to give it something is gone. */
  breakOff(): void {
    if (this.#settled) return;
    this.#brokenOff = true;
    this.fail(brokenOff(errnoOf('ECONNRESET'), this.agent.node));
  }

  /** There will be no more of it. */
  fail(error: BprocError): void {
    if (this.#settled) return;
    this.#settle(error);
    this.agent.stop();
  }

  /** Gives it bytes; resolves when it has room for more, or is over. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const { stdin } = this.agent;
    if (this.#settled || !stdin.writable || stdin.write(bytes)) return undefined;
    return this.#room();
  }

  end(): void {
    if (this.agent.stdin.writable) this.agent.stdin.end();
  }

  /** Resolves when it has ended, or cannot be reached. */
  get gone(): Promise<unknown> {
    return goneOrUnreachable(this.agent);
  }

  /** Resolves as well where it cannot be reached, which whoever waits has to judge. */
  #room(): Promise<void> {
    const { agent } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        agent.stdin.off('drain', done).off('close', done).off('error', done);
        unwatch();
        resolve();
      };
      const unwatch = agent.watch(() => {
        if (!agent.isWithinReach) done();
      });
      agent.stdin.on('drain', done).on('close', done).on('error', done);
      void this.result.then(done);
      if (!agent.isWithinReach) done();
    });
  }

  #read(chunk: Buffer): void {
    try {
      for (const record of this.#records.read(chunk)) this.#take(record);
    } catch (error) {
      this.fail(BprocError.from(error));
    }
  }

  #take(record: FileRecord): void {
    const { node } = this.agent;
    switch (record.type) {
      case RECORD.have:
        return this.#onHave(record);
      case RECORD.progress: {
        const [bytes = 0, entries = 0, totalBytes = 0, totalEntries = 0] = numbersOf(record, 0, 4);
        return this.#options.onProgress?.({ node, bytes, entries, totalBytes, totalEntries });
      }
      case RECORD.failure: {
        const { payload } = record;
        if (payload.length < 4) throw new BprocError('EPROTO', 'a file agent cut a failure short');
        const path = payload.subarray(4).toString();
        const reading = record.flags === 1;
        const error = copyError(payload.readUInt32BE(), path, reading, reading ? this.#from : node);
        this.#first ??= error;
        return this.#options.onFailure?.({ node, path, error });
      }
      case RECORD.result:
        return this.#conclude(record);
    }
  }

  #conclude(record: FileRecord): void {
    const { node } = this.agent;
    const [bytes = 0, files = 0, directories = 0, links = 0, failures = 0] = numbersOf(record, 4, 5);
    const errno = record.payload.readUInt32BE();
    this.#brokenOff = codeOfErrno(errno) === 'ECONNRESET';
    if (errno === 0 && failures === 0) {
      const entries = files + directories + links;
      this.#options.onProgress?.({ node, bytes, entries, totalBytes: bytes, totalEntries: entries });
      return this.#settle({ node, bytes, files, directories, links });
    }
    this.#settle(partialError(this.#first ?? brokenOff(errno, node), failures));
  }

  #settle(result: CopyResult | BprocError): void {
    this.#settled = true;
    this.#resolve(result);
  }
}

function brokenOff(errno: number, node: number | undefined): BprocError {
  return copyError(errno, 'the copy', false, node);
}
