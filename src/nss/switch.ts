/** `nsswitch.conf`: which sources are asked for which database, in what order, and what follows from what they say. */
import { BprocError } from '../errors.ts';
import { DATABASES, type Database, isDatabase } from './entries.ts';
import { STATUSES, type Status } from './question.ts';

/** What follows from an answer: it is the last word, the next source is asked, or both answers make one (of groups). */
export type Action = 'return' | 'continue' | 'merge';

/** One source in the list of a database. */
export interface SwitchStep {
  readonly source: string;
  readonly actions: Readonly<Record<Status, Action>>;
}

/** What `nsswitch.conf` says. */
export interface Switch {
  readonly databases: Readonly<Record<Database, readonly SwitchStep[]>>;
  /** Names of databases in it that are none here; what it says of them is not used. */
  readonly unknown: readonly string[];
}

/** What holds for databases that a switch does not name. */
export const DEFAULT_SWITCH = `
passwd:    job files kickback
group:     job files kickback
shadow:    files kickback
hosts:     files beo kickback dns
netgroup:  files beo kickback
ethers:    files beo kickback
services:  files kickback
`;

const USUAL: Readonly<Record<Status, Action>> = {
  success: 'return',
  notfound: 'continue',
  unavail: 'continue',
  tryagain: 'continue',
};

/** Longest text that is read, in characters. */
const LONGEST = 65_536;
/** Most sources of one database. */
const MOST_SOURCES = 32;

/**
 * Reads the text of an `nsswitch.conf`; databases that it does not name are as in {@link DEFAULT_SWITCH}.
 *
 * @throws BprocError EINVAL, with the line, for what cannot be read; E2BIG.
 */
export function parseSwitch(text: string): Switch {
  const { databases, unknown } = parseLines(text);
  const usual = parseLines(DEFAULT_SWITCH).databases;
  return { databases: { ...NOTHING, ...usual, ...databases }, unknown };
}

const NOTHING: Switch['databases'] = {
  hosts: [],
  passwd: [],
  group: [],
  shadow: [],
  netgroup: [],
  ethers: [],
  services: [],
};

function parseLines(text: string) {
  if (text.length > LONGEST) {
    throw new BprocError('E2BIG', `nsswitch: ${text.length} characters; at most ${LONGEST} are read`);
  }
  const databases: Partial<Record<Database, readonly SwitchStep[]>> = {};
  const unknown: string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const [said = ''] = line.split('#');
    if (said.trim() === '') continue;
    const [, name = '', rest] = /^\s*([^\s:]+)\s*:(.*)$/s.exec(said) ?? [];
    if (rest === undefined) throw wrong(at, 'it must begin with the name of a database and a colon');
    if (isDatabase(name)) databases[name] = parseSteps(rest, at);
    else unknown.push(name);
  }
  return { databases, unknown };
}

function wrong(at: number, why: string): BprocError {
  return new BprocError('EINVAL', `nsswitch, line ${at + 1}: ${why}`);
}

function parseSteps(text: string, at: number): readonly SwitchStep[] {
  const steps: SwitchStep[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [all = '', inside, source] = /^(?:\[([^\]]*)\]|([^\s[\]]+))\s*/.exec(rest) ?? [];
    if (all === '') throw wrong(at, `${JSON.stringify(rest.slice(0, 40))} is no list of actions: close it with ]`);
    if (source !== undefined) steps.push({ source, actions: USUAL });
    else {
      const last = steps.pop();
      if (last === undefined) throw wrong(at, 'actions come after a source');
      steps.push({ source: last.source, actions: withActions(last.actions, inside ?? '', at) });
    }
    if (steps.length > MOST_SOURCES) throw wrong(at, `it has more than ${MOST_SOURCES} sources`);
    rest = rest.slice(all.length);
  }
  return steps;
}

function withActions(before: Readonly<Record<Status, Action>>, text: string, at: number): SwitchStep['actions'] {
  const actions = { ...before };
  for (const [word] of text.toLowerCase().matchAll(/\S+/g)) {
    const [, not, status, action] = /^(!?)([a-z]+)=([a-z]+)$/.exec(word) ?? [];
    const known = STATUSES.find((each) => each === status);
    if (known === undefined || (action !== 'return' && action !== 'continue' && action !== 'merge')) {
      const rule = `STATUS=ACTION, of ${STATUSES.join(', ')} and return, continue, merge`;
      throw wrong(at, `${JSON.stringify(word.slice(0, 40))} is no ${rule}`);
    }
    for (const each of not === '!' ? STATUSES.filter((other) => other !== known) : [known]) actions[each] = action;
  }
  return actions;
}

/** The text that is read as this. */
export function formatSwitch({ databases }: Pick<Switch, 'databases'>): string {
  return DATABASES.map((database) => `${`${database}:`.padEnd(11)}${stepsText(databases[database])}\n`).join('');
}

function stepsText(steps: readonly SwitchStep[]): string {
  return steps
    .map(({ source, actions }) => {
      const told = STATUSES.filter((status) => actions[status] !== USUAL[status]);
      if (told.length === 0) return source;
      return `${source} [${told.map((status) => `${status.toUpperCase()}=${actions[status]}`).join(' ')}]`;
    })
    .join(' ');
}
