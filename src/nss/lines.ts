/** Lines of `/etc/passwd` and its like, read and written. A line that is none of its file's is passed over, as the C library does. */
import { isIP } from 'node:net';
import type {
  Database,
  Entries,
  GroupEntry,
  HostEntry,
  NetgroupEntry,
  NetgroupTriple,
  PasswdEntry,
  ServiceEntry,
  ShadowEntry,
} from './entries.ts';
import { etherKey } from './question.ts';

/** How the lines of one database are read and written. */
export interface LineForm<E> {
  /** @returns undefined for a line that is none. */
  readonly read: (line: string) => E | undefined;
  /** As `getent` shows it. @returns undefined for an entry that would not be read back as it is. */
  readonly write: (entry: E) => string | undefined;
}

/** The last id of 32 bits that is one: the one above it stands for no id. */
const LAST_ID = 2 ** 32 - 2;

function idOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= LAST_ID ? id : undefined;
}

/** Lines that begin so are instructions to NIS, or remarks. */
const NO_NAME = /^[+\-#]|^$/;
const list = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((word) => word.trim() || []);

function readPasswd(line: string): PasswdEntry | undefined {
  const [name = '', passwd, uidText, gidText, gecos, dir, shell, ...more] = line.split(':');
  const uid = idOf(uidText);
  const gid = idOf(gidText);
  if (NO_NAME.test(name) || uid === undefined || gid === undefined || dir === undefined || more.length > 0) return;
  return { name, passwd: passwd ?? '', uid, gid, gecos: gecos ?? '', dir, shell: shell ?? '' };
}

function readGroup(line: string): GroupEntry | undefined {
  const [name = '', passwd = '', gidText, members, ...more] = line.split(':');
  const gid = idOf(gidText);
  if (NO_NAME.test(name) || gid === undefined || more.length > 0) return undefined;
  return { name, passwd, gid, members: list(members) };
}

const AGES = ['lastChange', 'min', 'max', 'warn', 'inactive', 'expire', 'flag'] as const;

function readShadow(line: string): ShadowEntry | undefined {
  const [name = '', passwd, ...ages] = line.split(':');
  if (NO_NAME.test(name) || passwd === undefined || ages.length > AGES.length) return undefined;
  const known = AGES.flatMap((age, at) => (/^-?\d{1,9}$/.test(ages[at] ?? '') ? [[age, Number(ages[at])]] : []));
  return { name, passwd, ...Object.fromEntries(known) };
}

/** The words of a line without its remark. */
function words(line: string): string[] {
  const end = line.indexOf('#');
  return (end < 0 ? line : line.slice(0, end)).split(/[\s\0]+/).filter((word) => word !== '');
}

function readHost(line: string): HostEntry | undefined {
  const [address = '', name, ...aliases] = words(line);
  if (isIP(address) === 0 || name === undefined) return undefined;
  return { name, aliases, addresses: [address] };
}

function readEther(line: string) {
  const [text = '', name] = words(line);
  const address = etherKey(text);
  return address === undefined || name === undefined ? undefined : { address, name };
}

function readService(line: string): ServiceEntry | undefined {
  const [name, at = '', ...aliases] = words(line);
  const [, port, protocol] = /^(\d{1,5})\/([^/]+)$/.exec(at) ?? [];
  if (name === undefined || protocol === undefined || Number(port) > 65_535) return undefined;
  return { name, aliases, port: Number(port), protocol };
}

function readNetgroup(line: string): NetgroupEntry | undefined {
  const end = line.indexOf('#');
  const [, name, rest] = /^\s*([^\s(),]+)(\s.*)?$/s.exec(end < 0 ? line : line.slice(0, end)) ?? [];
  if (name === undefined) return undefined;
  const triples: NetgroupTriple[] = [];
  const groups: string[] = [];
  for (const [, inside, group] of (rest ?? '').matchAll(/\(([^()]*)\)|([^\s()]+)/g)) {
    if (group !== undefined) groups.push(group);
    const fields = inside?.split(',').map((field) => field.trim());
    if (fields?.length === 3) triples.push(tripleOf(fields));
  }
  return { name, triples, groups };
}

function tripleOf([host, user, domain]: readonly (string | undefined)[]): NetgroupTriple {
  return { ...(host ? { host } : {}), ...(user ? { user } : {}), ...(domain ? { domain } : {}) };
}

const tripleText = ({ host = '', user = '', domain = '' }: NetgroupTriple): string => `(${host},${user},${domain})`;

/** A reader and a writer that says nothing where its reader would read something else. */
function formOf<E extends object>(read: (line: string) => E | undefined, write: (entry: E) => string): LineForm<E> {
  const sure = (entry: E): string | undefined => {
    const line = write(entry);
    if (/[\0\r\n]/.test(line)) return undefined;
    const again = read(line);
    return again !== undefined && write(again) === line && sameShape(again, entry) ? line : undefined;
  };
  return { read, write: sure };
}

function sameShape(one: object, other: object): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(entry: object): readonly (readonly [string, unknown])[] {
  return Object.entries(entry)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** How the lines of each file are read and written. Of hosts with several addresses, a line each is written elsewhere. */
export const LINES: { readonly [D in Database]: LineForm<Entries[D]> } = {
  passwd: formOf(readPasswd, ({ name, passwd, uid, gid, gecos, dir, shell }) =>
    [name, passwd, uid, gid, gecos, dir, shell].join(':'),
  ),
  group: formOf(readGroup, ({ name, passwd, gid, members }) => `${name}:${passwd}:${gid}:${members.join(',')}`),
  shadow: formOf(readShadow, (entry) => [entry.name, entry.passwd, ...AGES.map((age) => entry[age] ?? '')].join(':')),
  hosts: formOf(readHost, ({ name, aliases, addresses: [address = ''] }) =>
    [address.padEnd(15), name, ...aliases].join(' '),
  ),
  ethers: formOf(readEther, ({ address, name }) => `${address} ${name}`),
  services: formOf(readService, ({ name, aliases, port, protocol }) =>
    [name.padEnd(20), `${port}/${protocol}`, ...aliases].join(' '),
  ),
  netgroup: formOf(readNetgroup, ({ name, triples, groups }) =>
    [name, ...triples.map(tripleText), ...groups].join(' '),
  ),
};

/** The lines that say an entry: of a host with several addresses one for each, of every other entry one, or none. */
export function linesOf<D extends Database>(database: D, entry: Entries[D]): string[] {
  const form = LINES[database];
  const parts = 'addresses' in entry ? entry.addresses.map((address) => ({ ...entry, addresses: [address] })) : [entry];
  return parts.flatMap((part) => form.write(part) ?? []);
}
