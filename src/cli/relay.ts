/** What the processes of `bpsh` write and how they end, on its own outputs. */
import type { Readable } from 'node:stream';
import type { ProcessEnd, RemoteProcess, VectorEntry } from '../index.ts';
import { BprocError, describeEnd } from '../index.ts';
import type { OutputStyle } from './bpsh-request.ts';
import type { Console, Sink } from './console.ts';
import { LineSplitter } from './line-splitter.ts';

const DIVIDER = '-'.repeat(69);

/** Writes what the processes write; gives their ends. Nothing is read from those whose turn has not come. */
export async function relayAll(
  entries: readonly VectorEntry[],
  style: OutputStyle,
  console: Console,
): Promise<readonly ProcessEnd[]> {
  if (!style.sequential) {
    const all = entries.map((entry) => relayEntry(entry, style, console));
    return (await Promise.all(all)).flatMap((end) => end ?? []);
  }
  const ends: ProcessEnd[] = [];
  for (const entry of entries) {
    if (style.divided) await console.stdout.write(`${entry.node}\t${DIVIDER}\n`);
    const end = await relayEntry(entry, style, console);
    if (end !== undefined) ends.push(end);
  }
  return ends;
}

async function relayEntry(entry: VectorEntry, style: OutputStyle, console: Console): Promise<ProcessEnd | undefined> {
  if (BprocError.is(entry)) {
    await console.stderr.write(`${entry.node}: ${entry.message}\n`);
    return undefined;
  }
  return relayProcess(entry, style, console);
}

async function relayProcess(process: RemoteProcess, style: OutputStyle, console: Console): Promise<ProcessEnd> {
  await Promise.all([
    relay(process.stdout, splitterFor(process.node, style), console.stdout),
    relay(process.stderr, splitterFor(process.node, style), console.stderr),
  ]);
  const end = await process.wait();
  if (end.kind !== 'exited') await console.stderr.write(`${process.node}: ${describeEnd(end)}\n`);
  return end;
}

function splitterFor(node: number, style: OutputStyle): LineSplitter | undefined {
  if (style.lineBytes === undefined) return undefined;
  return new LineSplitter(style.prefixed ? `${String(node).padStart(3)}: ` : '', style.lineBytes);
}

async function relay(source: Readable, splitter: LineSplitter | undefined, sink: Sink): Promise<void> {
  try {
    for await (const chunk of source) await sink.write(splitter === undefined ? chunk : splitter.push(chunk));
  } catch (error) {
    // the master was given up: waiting for the process tells that, after what had come
    if (!BprocError.is(error)) throw error;
  }
  if (splitter !== undefined) await sink.write(splitter.end());
}
