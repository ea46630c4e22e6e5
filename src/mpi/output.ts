/** What ranks write, put together by whole lines. */
import { createWriteStream } from 'node:fs';
import { finished, PassThrough, type Readable, type Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { RemoteProcess } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { RankStdio } from './launch-options.ts';

/** Longest line that is kept together, in bytes. */
const MOST_LINE = 64 * 1024;
const FEED = 10;
const done = promisify(finished);

/** The streams of a run that its ranks' lines go to. */
export class RunOutput {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly #stdio: RankStdio;
  readonly #files = new Map<string, Writable>();

  constructor(stdio: RankStdio) {
    this.#stdio = stdio;
    // who writes from many places at once is told by each write whether there is room
    this.stdout.setMaxListeners(0);
    this.stderr.setMaxListeners(0);
  }

  /** Takes what a rank writes, until it has ended. Not with `rank`, where others do. */
  async take(rank: number, process: RemoteProcess, label = `${rank}`): Promise<void> {
    const stdio = this.#stdio;
    if (stdio === 'rank' || stdio === 'ignore') return;
    const [stdout, stderr] =
      typeof stdio === 'string' ? [this.stdout, this.stderr] : this.#filesOf(stdio, label, process.node);
    const tag = (name: string): string => (stdio === 'tagged' ? `[${label}]${name} ` : '');
    await Promise.all([
      passLines(process.stdout, stdout, tag('')),
      passLines(process.stderr, stderr, tag(stdio === 'tagged' ? 'E' : '')),
    ]);
  }

  /** Says something beside the ranks. */
  say(stream: 'stdout' | 'stderr', text: string): void {
    this[stream].write(text);
  }

  /** All has been taken: who reads sees the end, and files are whole when it resolves. */
  async end(): Promise<void> {
    this.stdout.end();
    this.stderr.end();
    await Promise.all(
      [...this.#files.values()].map((file) => {
        file.end();
        return done(file).catch((cause: unknown) => {
          throw BprocError.from(cause);
        });
      }),
    );
  }

  #filesOf({ stdout, stderr = stdout }: Extract<RankStdio, object>, label: string, node: number): [Writable, Writable] {
    const open = (pattern: string): Writable => {
      const path = pattern.replaceAll('%r', label).replaceAll('%n', String(node));
      const known = this.#files.get(path) ?? createWriteStream(path);
      this.#files.set(path, known);
      known.setMaxListeners(0);
      return known;
    };
    return [open(stdout), open(stderr)];
  }
}

/** Passes whole lines on, each with a tag before it, as quickly as they are taken. */
async function passLines(source: Readable, sink: Writable, tag: string): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  const mark = Buffer.from(tag);
  const write = async (lines: Buffer): Promise<void> => {
    const tagged = mark.length === 0 ? lines : withTags(lines, mark);
    if (!sink.write(tagged)) await roomIn(sink);
  };
  try {
    for await (const chunk of source) {
      const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(FEED) + 1;
      const whole = bytes.length - end > MOST_LINE ? bytes.length : end;
      rest = bytes.subarray(whole);
      if (whole > 0) await write(bytes.subarray(0, whole));
    }
  } catch (error) {
    // whoever waits for the process is told
    if (!BprocError.is(error)) throw error;
  }
  if (rest.length > 0) await write(mark.length === 0 ? rest : Buffer.concat([rest, Buffer.from('\n')]));
}

function withTags(lines: Buffer, mark: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; ) {
    const feed = lines.indexOf(FEED, at);
    const end = feed < 0 ? lines.length : feed + 1;
    parts.push(mark, lines.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function roomIn(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      sink.off('drain', go).off('close', go);
      resolve();
    };
    sink.on('drain', go).on('close', go);
    if (sink.destroyed || !sink.writableNeedDrain) go();
  });
}
