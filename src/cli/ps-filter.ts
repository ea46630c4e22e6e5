/** Output of `ps` with the node of each process before it: `ps xf | bpstat -P`. */
import { BprocError } from '../index.ts';

/** Where the pid stands in a line. */
interface PidColumn {
  readonly start: number;
  readonly end: number;
  readonly field: number;
}

/** Puts a node before each line of what `ps` prints. */
export class PsFilter {
  readonly #nodeOf: (pid: number) => number | undefined;
  #column: PidColumn | undefined;

  constructor(nodeOf: (pid: number) => number | undefined) {
    this.#nodeOf = nodeOf;
  }

  /**
   * The line with its node; the first one is the heading.
   *
   * @throws BprocError EINVAL where the heading has no PID in it.
   */
  line(text: string): string {
    if (this.#column === undefined) {
      this.#column = pidColumn(text);
      return `NODE ${text}`;
    }
    const pid = pidIn(text, this.#column);
    const node = pid === undefined ? undefined : this.#nodeOf(pid);
    return `${String(node ?? '').padStart(4)} ${text}`;
  }
}

function pidColumn(heading: string): PidColumn {
  const words = [...heading.matchAll(/\S+/g)];
  const field = words.findIndex(([word]) => word === 'PID');
  const start = words[field]?.index;
  if (start === undefined) {
    throw new BprocError(
      'EINVAL',
      'the first line on stdin has no column PID: give it the output of ps, with its heading',
    );
  }
  return { start, end: start + 'PID'.length, field };
}

/** The number under the heading, which is aligned to the right; else the one in its field, for lines that have slipped. */
function pidIn(line: string, { start, end, field }: PidColumn): number | undefined {
  const words = [...line.matchAll(/\S+/g)];
  const isNumber = (word: RegExpExecArray | undefined): boolean => /^[0-9]+$/.test(word?.[0] ?? '');
  const under = words.find((word) => word.index < end && word.index + word[0].length > start && isNumber(word));
  const found = under ?? (isNumber(words[field]) ? words[field] : undefined);
  return found === undefined ? undefined : Number(found[0]);
}
