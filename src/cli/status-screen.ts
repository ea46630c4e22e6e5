/** What `beostatus` shows in a terminal, and what keys do to it. */
import type { Size } from './local-terminal.ts';
import { filterRows, SORT_KEYS, type SortKey, type StatusRow, sortRows } from './status-rows.ts';
import { bar, statusTable, type TableStyle } from './status-table.ts';

/** Keys that sort by something. */
const SORTING: ReadonlyMap<string, SortKey> = new Map([
  ['n', 'node'],
  ['s', 'state'],
  ['c', 'cpu'],
  ['l', 'load'],
  ['m', 'memory'],
  ['w', 'swap'],
  ['d', 'disk'],
  ['t', 'network'],
]);

/** What `?` shows, and `--help`. */
export const KEY_HELP: readonly string[] = [
  'n s c l m w d t   sort by node, state, CPU, load, memory, swap, disk, network traffic',
  '< >               sort by the column to the left or right',
  'r                 the other way round',
  '/                 show only some: words of states or addresses, numbers such as 0-3,7',
  'arrows, page up and down, home, end, j, k',
  '?                 this text',
  'q                 quit',
];

const FOOT = 'q quit  / filter  r reverse  < > sort  ? help';
/** Lines that are no nodes: the sum, the table's head, the foot. */
const OTHER_LINES = 3;

/** What a key means for the program. */
export type KeyOutcome = 'shown' | 'quit' | 'suspend';

/** What is shown of the nodes, and how. */
export class StatusScreen {
  /** What is wrong; shown instead of the foot. */
  trouble: string | undefined;
  #sortedBy: SortKey;
  #isReversed: boolean;
  #filter: string;
  #isTyping = false;
  #isHelp = false;
  #top = 0;
  #page = 1;
  /** The lowest place there is. */
  #last = 0;

  constructor(start: { readonly sortedBy: SortKey; readonly isReversed: boolean; readonly filter: string }) {
    this.#sortedBy = start.sortedBy;
    this.#isReversed = start.isReversed;
    this.#filter = start.filter;
  }

  /** Takes a key, by the names of `keysOf`. */
  press(key: string): KeyOutcome {
    if (key === 'interrupt') return 'quit';
    if (key === 'suspend') return 'suspend';
    if (this.#isTyping) this.#type(key);
    else if (this.#isHelp) this.#isHelp = false;
    else if (key === 'q') return 'quit';
    else this.#command(key);
    return 'shown';
  }

  #type(key: string): void {
    if (key === 'enter') this.#isTyping = false;
    else if (key === 'escape') {
      this.#isTyping = false;
      this.#filter = '';
    } else if (key === 'backspace') this.#filter = [...this.#filter].slice(0, -1).join('');
    else if (/^[ -~]$/.test(key)) this.#filter += key;
  }

  #command(key: string): void {
    const order = SORTING.get(key);
    if (order !== undefined) this.#sortedBy = order;
    else if (key === '<' || key === '>') this.#sortBeside(key === '<' ? -1 : 1);
    else if (key === 'r') this.#isReversed = !this.#isReversed;
    else if (key === '?' || key === 'h') this.#isHelp = true;
    else if (key === '/') this.#isTyping = true;
    else if (key === 'escape') this.#filter = '';
    else this.#top = Math.max(0, Math.min(this.#top + this.#steps(key), this.#last));
  }

  #sortBeside(step: number): void {
    const at = SORT_KEYS.indexOf(this.#sortedBy) + step;
    this.#sortedBy = SORT_KEYS[(at + SORT_KEYS.length) % SORT_KEYS.length] ?? 'node';
  }

  #steps(key: string): number {
    if (key === 'up' || key === 'k') return -1;
    if (key === 'down' || key === 'j') return 1;
    if (key === 'page up') return -this.#page;
    if (key === 'page down' || key === ' ') return this.#page;
    if (key === 'home') return Number.NEGATIVE_INFINITY;
    return key === 'end' ? Number.POSITIVE_INFINITY : 0;
  }

  /** The rows that are wanted, in their order. */
  chosen(rows: readonly StatusRow[]): readonly StatusRow[] {
    return sortRows(filterRows(rows, this.#filter), this.#sortedBy, this.#isReversed);
  }

  /** What stands in the terminal's lines now. */
  lines(rows: readonly StatusRow[], size: Size, look: Pick<TableStyle, 'colours' | 'unicode'>): readonly string[] {
    const style = { ...look, columns: size.columns, sortedBy: this.#sortedBy };
    if (this.#isHelp) return [bar('beostatus', style), ...KEY_HELP.map((line) => line.slice(0, size.columns))];
    const chosen = this.chosen(rows);
    this.#page = Math.max(1, size.rows - OTHER_LINES);
    this.#last = Math.max(0, chosen.length - this.#page);
    this.#top = Math.min(this.#top, this.#last);
    const end = this.#top + this.#page;
    const table = statusTable(chosen.slice(this.#top, end), style);
    const blank = new Array<string>(Math.max(0, size.rows - 2 - table.length)).fill('');
    const place = chosen.length > this.#page ? `  ${this.#top + 1}-${Math.min(end, chosen.length)}` : '';
    return [bar(`${sumOf(rows, chosen)}${place}`, style), ...table, ...blank, this.#foot(style)];
  }

  #foot(style: TableStyle): string {
    if (this.#isTyping) return `/${this.#filter}_`.slice(-style.columns);
    if (this.trouble !== undefined) return bar(this.trouble, style);
    const order = `by ${this.#sortedBy}${this.#isReversed ? ', reversed' : ''}`;
    const filter = this.#filter === '' ? '' : `  only ${this.#filter}`;
    return `${order}${filter}  ${FOOT}`.slice(0, style.columns);
  }
}

function sumOf(rows: readonly StatusRow[], chosen: readonly StatusRow[]): string {
  const states = new Map<string, number>();
  for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].sort(([, a], [, b]) => b - a).map(([state, count]) => `${count} ${state}`);
  const cpus = rows.filter(({ isStale }) => !isStale).flatMap((row) => row.cpus.filter((share) => share !== undefined));
  const busy = cpus.reduce((sum, share) => sum + share, 0) / cpus.length;
  const cpu = cpus.length === 0 ? '' : `  ${cpus.length} CPUs ${Math.round(busy * 100)}% busy`;
  const shown = chosen.length === rows.length ? '' : `  ${chosen.length} shown`;
  return `${rows.length} nodes: ${counts.join(', ')}${cpu}${shown}`;
}
