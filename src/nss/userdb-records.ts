/** What is answered to the calls of `io.systemd.UserDatabase`. */
import type { GroupEntry, PasswdEntry } from './entries.ts';
import type { Nss } from './nss.ts';

/** A reply of Varlink. */
export interface VarlinkReply {
  readonly parameters?: object;
  readonly error?: string;
  /** Whether others follow. */
  readonly continues?: boolean;
}

/** What a request says, as far as it says it. */
interface Wish {
  readonly userName: string | undefined;
  readonly groupName: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly service: string | undefined;
  readonly more: boolean;
}

const INTERFACE = 'io.systemd.UserDatabase';
const NOTHING = `${INTERFACE}.NoRecordFound`;
const CONFLICT = `${INTERFACE}.ConflictingRecordFound`;
/** Below it users and groups are the system's own. */
const FIRST_REGULAR = 1000;

/**
 * The replies to one request, at least one.
 *
 * @throws an error for what is no request at all.
 */
export async function* replies(nss: Nss, service: string, text: string): AsyncGenerator<VarlinkReply> {
  const { method, wish } = readRequest(text);
  const finder = FINDERS.get(method);
  if (finder === undefined) {
    yield { error: 'org.varlink.service.MethodNotFound', parameters: { method } };
    return;
  }
  if (wish.service !== service) {
    yield { error: `${INTERFACE}.BadService`, parameters: {} };
    return;
  }
  const found = await finder(nss, wish, service).catch(() => `${INTERFACE}.ServiceNotAvailable`);
  if (typeof found === 'string') {
    yield { error: found, parameters: {} };
  } else if (found.length > 1 && !wish.more) {
    yield { error: 'org.varlink.service.ExpectedMore', parameters: {} };
  } else {
    for (const [at, parameters] of found.entries())
      yield { parameters, ...(at < found.length - 1 ? { continues: true } : {}) };
  }
}

function readRequest(text: string): { readonly method: string; readonly wish: Wish } {
  const request: unknown = JSON.parse(text);
  const method = memberOf(request, 'method');
  if (typeof method !== 'string') throw new TypeError('a request without a method');
  const parameters = memberOf(request, 'parameters');
  const string = (name: string): string | undefined => {
    const value = memberOf(parameters, name);
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = memberOf(parameters, name);
    return typeof value === 'number' ? value : undefined;
  };
  const names = { userName: string('userName'), groupName: string('groupName'), service: string('service') };
  const wish = { ...names, uid: number('uid'), gid: number('gid'), more: memberOf(request, 'more') === true };
  return { method, wish };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** @returns parameters of replies, or the name of an error. */
type Finder = (nss: Nss, wish: Wish, service: string) => Promise<readonly object[] | string>;

const FINDERS: ReadonlyMap<string, Finder> = new Map([
  [`${INTERFACE}.GetUserRecord`, findUsers],
  [`${INTERFACE}.GetGroupRecord`, findGroups],
  [`${INTERFACE}.GetMemberships`, findMemberships],
]);

async function findUsers(nss: Nss, { userName, uid }: Wish, service: string): Promise<readonly object[] | string> {
  const record = (entry: PasswdEntry): object => ({ record: userRecord(entry, service), incomplete: false });
  if (userName === undefined && uid === undefined) return orNothing((await nss.getpwent()).map(record));
  const entry = userName === undefined ? await nss.getpwuid(uid ?? -1) : await nss.getpwnam(userName);
  if (entry === undefined) return NOTHING;
  return uid === undefined || entry.uid === uid ? [record(entry)] : CONFLICT;
}

async function findGroups(nss: Nss, { groupName, gid }: Wish, service: string): Promise<readonly object[] | string> {
  const record = (entry: GroupEntry): object => ({ record: groupRecord(entry, service), incomplete: false });
  if (groupName === undefined && gid === undefined) return orNothing((await nss.getgrent()).map(record));
  const entry = groupName === undefined ? await nss.getgrgid(gid ?? -1) : await nss.getgrnam(groupName);
  if (entry === undefined) return NOTHING;
  return gid === undefined || entry.gid === gid ? [record(entry)] : CONFLICT;
}

async function findMemberships(nss: Nss, { userName, groupName }: Wish): Promise<readonly object[] | string> {
  const groups = await groupsFor(nss, userName, groupName);
  return orNothing(
    groups.flatMap(({ name, members }) => {
      const users = userName === undefined ? members : members.filter((member) => member === userName);
      return users.map((member) => ({ userName: member, groupName: name }));
    }),
  );
}

async function groupsFor(
  nss: Nss,
  user: string | undefined,
  group: string | undefined,
): Promise<readonly GroupEntry[]> {
  if (group !== undefined) {
    const entry = await nss.getgrnam(group);
    return entry === undefined ? [] : [entry];
  }
  return user === undefined ? nss.getgrent() : nss.groupsOf(user);
}

function orNothing(found: readonly object[]): readonly object[] | string {
  return found.length === 0 ? NOTHING : found;
}

function userRecord({ name, uid, gid, gecos, dir, shell }: PasswdEntry, service: string): object {
  const [realName = ''] = gecos.split(',');
  return {
    userName: name,
    uid,
    gid,
    ...(realName === '' ? {} : { realName }),
    ...(dir.startsWith('/') ? { homeDirectory: dir } : {}),
    ...(shell.startsWith('/') ? { shell } : {}),
    disposition: dispositionOf(uid),
    service,
  };
}

function groupRecord({ name, gid, members }: GroupEntry, service: string): object {
  const list = members.length === 0 ? {} : { members };
  return { groupName: name, gid, ...list, disposition: dispositionOf(gid), service };
}

function dispositionOf(id: number): string {
  return id < FIRST_REGULAR ? 'system' : 'regular';
}
