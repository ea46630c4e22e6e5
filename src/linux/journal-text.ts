/**
 * The text of a spawner's journal: one record a line, made for a shell to read as well.
 *
 *     life BOOT-ID/PID-NAMESPACE     in which life of the machine all the rest was written
 *     ? MARKER                       a start is about to be tried
 *     + PID STARTTIME MARKER         it runs
 *     - PID                          it has ended; what it left behind still carries its marker
 *     = PID MARKER                   it is nobody's any more
 *
 * Lines that are none of these are passed over, and so is a last line without its newline: a torn
 * write costs at most itself.
 */
import type { Origin } from './process-tree.ts';

/** What a journal says still has an owner. */
export interface JournalContents {
  /** The life it was written in; undefined where its first line is lost. */
  readonly life: string | undefined;
  /** The processes that had not ended. */
  readonly running: readonly Origin[];
  /** Every marker that processes may still carry. */
  readonly markers: ReadonlySet<string>;
}

/** Goes after a line that a full disk cut short, whose beginning could else be taken for a shorter one. */
export const SPOIL = ' ! ! ! !\n';

/** Whether a marker can be written down and searched for: printable ASCII without spaces. */
export function isMarker(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}

/** The line that begins a journal. */
export function lifeLine(life: string): string {
  return `life ${life}\n`;
}

/** The line of a start that is about to be tried. */
export function intentLine(marker: string): string {
  return `? ${marker}\n`;
}

/** The line of a process that runs. */
export function startLine({ pid, startTime, marker }: Origin): string {
  return `+ ${pid} ${startTime} ${marker}\n`;
}

/** The line of a process that has ended. */
export function endLine(pid: number): string {
  return `- ${pid}\n`;
}

/** The line of a process that is nobody's any more. */
export function releaseLine({ pid, marker }: Origin): string {
  return `= ${pid} ${marker}\n`;
}

/** Reads a journal, whatever state it is in. Never throws. */
export function parseJournal(text: string): JournalContents {
  let life: string | undefined;
  const running = new Map<number, Origin>();
  const markers = new Set<string>();
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const [what, first = '', second = '', third = '', ...rest] = line.split(' ');
    if (rest.length > 0) continue;
    const pid = /^[1-9]\d{0,9}$/.test(first) ? Number(first) : undefined;
    if (what === 'life') {
      life ??= first;
    } else if (what === '?' && isMarker(first)) {
      markers.add(first);
    } else if (what === '+' && pid !== undefined && /^\d{1,15}$/.test(second) && isMarker(third)) {
      running.set(pid, { pid, startTime: Number(second), marker: third });
      markers.add(third);
    } else if (what === '-' && pid !== undefined) {
      running.delete(pid);
    } else if (what === '=' && pid !== undefined) {
      running.delete(pid);
      markers.delete(second);
    }
  }
  return { life, running: [...running.values()], markers };
}

/**
 * The text of a journal without what is over: ended processes whose marker nobody carries.
 *
 * @param isCarried whether a living process carries a marker.
 */
export function compactJournal(text: string, isCarried: (marker: string) => boolean): string {
  const { life, running, markers } = parseJournal(text);
  const kept = [life === undefined ? '' : lifeLine(life)];
  for (const origin of running) kept.push(startLine(origin));
  const written = new Set(running.map((origin) => origin.marker));
  for (const marker of markers) if (!written.has(marker) && isCarried(marker)) kept.push(intentLine(marker));
  return kept.join('');
}
