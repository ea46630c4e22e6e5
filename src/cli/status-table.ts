/** The table that `beostatus` shows, as lines of text: for a terminal of any size, or for a file. */
import { bytes } from './load-text.ts';
import type { SortKey, StatusRow } from './status-rows.ts';

/** How the table is to look. */
export interface TableStyle {
  readonly columns: number;
  readonly sortedBy: SortKey;
  readonly colours: boolean;
  /** Whether bars may have other characters than those of ASCII. */
  readonly unicode: boolean;
}

interface Column {
  readonly key: SortKey | 'cpus';
  readonly title: string;
  readonly width: number;
  readonly isLeft?: true;
  readonly text: (row: StatusRow, width: number, style: TableStyle) => string;
}

const BAR_WIDTH = 11;
const CELLS = { unicode: '▁▂▃▄▅▆▇█', ascii: '.:-=+*#@' } as const;
const BARS = { unicode: '█', ascii: '|' } as const;
const DIM = '2';
const REVERSED = '7';

/** In the order in which they stand. Where there is no room the last ones are left out. */
const COLUMNS: readonly Column[] = [
  { key: 'node', title: 'Node', width: 5, text: ({ node }) => String(node) },
  { key: 'state', title: 'State', width: 12, isLeft: true, text: stateText },
  { key: 'cpu', title: 'CPU', width: BAR_WIDTH + 5, isLeft: true, text: cpuText },
  { key: 'memory', title: 'Memory', width: 14, text: memoryText },
  { key: 'network', title: 'Network', width: 11, text: networkText },
  { key: 'load', title: 'Load', width: 6, text: ({ metrics }) => metrics.load?.toFixed(2) ?? '-' },
  { key: 'disk', title: 'Disk', width: 4, text: ({ metrics }) => percent(metrics.disk) },
  { key: 'swap', title: 'Swap', width: 4, text: ({ metrics }) => percent(metrics.swap) },
];

/** Lines of a table, its head first, none wider than the terminal. */
export function statusTable(rows: readonly StatusRow[], style: TableStyle): readonly string[] {
  const columns = columnsFor(rows, style.columns);
  const head = columns.map((column) => {
    const isSorted = column.key === style.sortedBy;
    return painted(padded(column.title, column), isSorted ? `1;4` : '1', style);
  });
  return [head.join(' '), ...rows.map((row) => line(row, columns, style))];
}

/** All columns that fit, and where there is room for a cell for each processor of every node also these. */
function columnsFor(rows: readonly StatusRow[], width: number): readonly Column[] {
  const fitting: Column[] = [];
  let left = width + 1;
  for (const column of COLUMNS) {
    left -= column.width + 1;
    if (left < 0) break;
    fitting.push(column);
  }
  const most = rows.reduce((max, { cpus }) => Math.max(max, cpus.length), 'CPUs'.length);
  if (left > most) fitting.push({ key: 'cpus', title: 'CPUs', width: most, isLeft: true, text: cellsText });
  // a terminal that has not even room for this cuts it off
  return fitting.length === 0 ? COLUMNS.slice(0, 1) : fitting;
}

function line(row: StatusRow, columns: readonly Column[], style: TableStyle): string {
  const cells = columns.map((column) => {
    const text = padded(column.text(row, column.width, style), column);
    if (column.key === 'state') return painted(text, stateColour(row), style);
    if (column.key === 'node') return text;
    if (row.isStale) return painted(text, DIM, style);
    return column.key === 'cpu' ? painted(text, heat(row.metrics.cpu), style) : text;
  });
  return cells.join(' ').trimEnd();
}

function padded(text: string, { width, isLeft }: Column): string {
  const cut = text.slice(0, width);
  return isLeft ? cut.padEnd(width) : cut.padStart(width);
}

function painted(text: string, codes: string, { colours }: TableStyle): string {
  return colours && codes !== '' ? `\x1b[${codes}m${text}\x1b[0m` : text;
}

/** The one line at the top or bottom that is of another kind. */
export function bar(text: string, style: TableStyle): string {
  return painted(text.slice(0, style.columns).padEnd(style.colours ? style.columns : 0), REVERSED, style);
}

function stateText({ state, flags }: StatusRow): string {
  return [state, ...flags].join(',');
}

function stateColour({ state, flags }: StatusRow): string {
  if (state === 'down') return '31';
  return state === 'up' && flags.length === 0 ? '32' : '33';
}

function heat(share: number | undefined): string {
  if (share === undefined || share < 0.5) return '';
  return share < 0.9 ? '33' : '31';
}

function cpuText({ metrics: { cpu } }: StatusRow, width: number, { unicode }: TableStyle): string {
  const room = width - 5;
  const full = Math.round((cpu ?? 0) * room);
  const filled = (unicode ? BARS.unicode : BARS.ascii).repeat(full);
  return `${filled.padEnd(room, unicode ? '·' : '.')} ${percent(cpu).padStart(4)}`;
}

function cellsText({ cpus }: StatusRow, _width: number, { unicode }: TableStyle): string {
  const levels = unicode ? CELLS.unicode : CELLS.ascii;
  return cpus.map((share) => levels[Math.min(levels.length - 1, Math.floor((share ?? 0) * levels.length))]).join('');
}

function memoryText({ metrics: { memory }, memoryBytes }: StatusRow): string {
  if (memoryBytes === undefined) return '-';
  return `${percent(memory)} ${bytes(memoryBytes).padStart(9)}`;
}

/** Where figures are old, how old they are: that is what somebody has to know of them. */
function networkText({ metrics: { network }, isStale, ageMs }: StatusRow): string {
  if (isStale && ageMs !== undefined) return `${age(ageMs)} old`;
  return network === undefined ? '-' : `${bytes(network)}/s`;
}

function age(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(share * 100)}%`;
}
