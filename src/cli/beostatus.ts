#!/usr/bin/env node
/** `beostatus`: shows how busy nodes are, in a terminal for as long as somebody looks, else once. Scyld's command of that name is its model. */
import { createStats } from '../beostat/index.ts';
import { BprocError, type Client, type NodeInfo } from '../index.ts';
import { type Arguments, type OptionSpec, readArguments, UsageError } from './arguments.ts';
import { FullScreen, hasTerminal, keysOf } from './full-screen.ts';
import { withMaster } from './master-connection.ts';
import { chooseNodes } from './node-choice.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';
import { SORT_KEYS, type SortKey, type StatusRow, statusRows } from './status-rows.ts';
import { KEY_HELP, StatusScreen } from './status-screen.ts';
import { statusTable } from './status-table.ts';

const BEOSTATUS: Program = {
  name: 'beostatus',
  usage: ['[options] [NODES...]'],
  help: `Shows how busy nodes are, all of them or those of node sets such as 0-3,7 or allup: in a terminal until q is pressed, elsewhere once.

  -s, --sort KEY      node (default), state, cpu, load, memory, swap, disk or network
  -r, --reverse       the other way round
  -F, --filter WORDS  only nodes that all WORDS fit: of states or addresses, numbers such as 0-3,7
  -i, --interval SEC  how often it looks, 0.1 to 3600 seconds (default 1)
  -1, --once          once, also in a terminal
  -c                  nothing: Scyld's option for the terminal
  -h, --help          this text
  -V, --version

Keys:
${KEY_HELP.map((line) => `  ${line}\n`).join('')}
Nodes that are busier than others come first where they are sorted by a figure. Memory, disk (the root file system) and swap: how much of
them is in use. Figures that are old are dim, and the last column but three says how old.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'sort', letter: 's', value: 'KEY' },
  { name: 'reverse', letter: 'r' },
  { name: 'filter', letter: 'F', value: 'WORDS' },
  { name: 'interval', letter: 'i', value: 'SEC' },
  { name: 'once', letter: '1' },
  { name: 'c' },
];

/** How long one look may take, in milliseconds; after that what is shown is that of before. */
const LOOK_MS = 5000;

function sortKey(text: string): SortKey {
  const found = SORT_KEYS.find((key) => key === text);
  if (found === undefined) throw new UsageError(`--sort is ${JSON.stringify(text)}: give ${SORT_KEYS.join(', ')}`);
  return found;
}

function intervalMs(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 0.1 && seconds <= 3600) return seconds * 1000;
  throw new UsageError(`--interval is ${JSON.stringify(text)}: it must be from 0.1 to 3600 seconds`);
}

/** What is looked at. */
class Watched {
  readonly #client: Client;
  readonly #specs: readonly string[];

  constructor(client: Client, specs: readonly string[]) {
    this.#client = client;
    this.#specs = specs;
  }

  /** @param fresh whether nodes take a sample for it. */
  async rows(fresh: boolean): Promise<readonly StatusRow[]> {
    const [nodes, loads] = await Promise.all([
      this.#nodes(),
      createStats(this.#client).loads([], { fresh, timeoutMs: LOOK_MS }),
    ]);
    return statusRows(nodes, loads);
  }

  async #nodes(): Promise<readonly NodeInfo[]> {
    if (this.#specs.length === 0) return this.#client.nodeList('', { timeoutMs: LOOK_MS });
    const found = new Map<number, NodeInfo>();
    for (const spec of this.#specs) {
      for (const info of await chooseNodes(this.#client, spec)) found.set(info.node, info);
    }
    return [...found.values()];
  }
}

/** A terminal in which it is shown until somebody has seen enough. */
async function follow(watched: Watched, screen: StatusScreen, everyMs: number): Promise<number> {
  const terminal = new FullScreen();
  const look = { colours: !process.env['NO_COLOR'], unicode: isUnicode() };
  let rows = await watched.rows(true);
  let wake = (): void => {};
  let code: number | undefined;
  const show = (): void => terminal.draw(screen.lines(rows, terminal.size, look));
  const quit = (with_: number): void => {
    code ??= with_;
    // not once the loop comes to it: a master that does not answer would hold it up
    terminal.leave();
    wake();
  };
  onEndingSignals((signal) => {
    quit(exitCodeOfSignal(signal));
    setImmediate(() => process.exit(exitCodeOfSignal(signal)));
  });
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    for (const key of keysOf(text)) {
      const outcome = screen.press(key);
      if (outcome === 'quit') return quit(0);
      if (outcome === 'suspend') suspend();
    }
    show();
  });
  const hungUp = (): void => quit(exitCodeOfSignal('SIGHUP'));
  process.stdin.on('end', hungUp).on('error', hungUp);
  const suspend = (): void => {
    terminal.leave();
    process.kill(process.pid, 'SIGTSTP');
  };
  process.on('SIGCONT', () => {
    terminal.enter();
    show();
  });
  process.stdout.on('resize', show);
  terminal.enter();
  try {
    while (code === undefined) {
      show();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (code !== undefined) break;
      try {
        rows = await watched.rows(false);
        screen.trouble = undefined;
      } catch (cause) {
        // what was seen last stays
        screen.trouble = BprocError.from(cause).message.replaceAll(/\p{Cc}+/gu, ' ');
      }
    }
    return code;
  } finally {
    terminal.leave();
    process.stdin.destroy();
  }
}

function isUnicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

function startOf(given: Arguments) {
  return {
    sortedBy: sortKey(given.value('sort') ?? 'node'),
    isReversed: given.has('reverse'),
    filter: given.value('filter') ?? '',
  };
}

await runProgram(BEOSTATUS, async (args) => {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return printHelp(BEOSTATUS);
  if (given.has('version')) return printVersion(BEOSTATUS);
  const start = startOf(given);
  const everyMs = intervalMs(given.value('interval') ?? '1');
  return withMaster(async (client) => {
    const watched = new Watched(client, given.operands);
    const screen = new StatusScreen(start);
    if (!given.has('once') && hasTerminal()) return follow(watched, screen, everyMs);
    const columns = process.stdout.columns || Number(process.env['COLUMNS']) || 80;
    const rows = screen.chosen(await watched.rows(true));
    const style = { columns, sortedBy: start.sortedBy, colours: false, unicode: isUnicode() };
    process.stdout.write(
      statusTable(rows, style)
        .map((line) => `${line.trimEnd()}\n`)
        .join(''),
    );
    return 0;
  });
});
