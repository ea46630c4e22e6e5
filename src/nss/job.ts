/**
 * The source `job`: the user and groups that travel with a job, of which a node needs to know nothing. It answers for
 * them alone.
 */
import type { Database, Entries, GroupEntry, PasswdEntry } from './entries.ts';
import { LINES } from './lines.ts';
import { type Answer, found, type NssSource, type Question, unavailable } from './question.ts';
import { Table } from './table.ts';

/** A line of passwd: the user of a job. */
const USER_VARIABLE = 'BPROC_JOB_USER';
/** `NAME:GID`, separated by commas: his groups. */
const GROUPS_VARIABLE = 'BPROC_JOB_GROUPS';

/** As whom a program runs. */
export interface JobIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The variables by which {@link JobSource} knows a user, to be set for what is started on nodes. */
export function jobVariables(user: PasswdEntry, groups: readonly GroupEntry[]): Record<string, string> {
  const line = LINES.passwd.write({ ...user, passwd: 'x' });
  const named = groups.filter(({ name }) => /^[^\s:,]+$/.test(name)).map(({ name, gid }) => `${name}:${gid}`);
  return {
    USER: user.name,
    LOGNAME: user.name,
    HOME: user.dir,
    SHELL: user.shell,
    ...(line === undefined ? {} : { [USER_VARIABLE]: line }),
    [GROUPS_VARIABLE]: named.join(','),
  };
}

/** The user and groups of this program. */
export class JobSource implements NssSource {
  readonly #users: Table<'passwd'> | undefined;
  readonly #groups: Table<'group'>;
  readonly #name: string | undefined;
  readonly #own: readonly GroupEntry[];

  constructor(identity: JobIdentity = ownIdentity()) {
    const user = userOf(identity);
    this.#users = user === undefined ? undefined : new Table('passwd', [user]);
    this.#name = user?.name;
    const names = groupNames(identity.env);
    const gids = [...new Set([identity.gid, ...identity.gids])];
    const named = (gid: number): GroupEntry => ({ name: names.get(gid) ?? String(gid), passwd: 'x', gid, members: [] });
    this.#own = gids.map(named);
    this.#groups = new Table('group', gids.filter((gid) => names.has(gid)).map(named));
  }

  answer<D extends Database>(question: Question<D>): Answer<D> {
    const { database, by, key } = question;
    if (database === 'passwd')
      return (this.#users?.answer(question as Question<'passwd'>) ?? unavailable()) as Answer<D>;
    if (database !== 'group') return unavailable();
    // a group without a name is still one of the user's
    if (by === 'member') return found((key === this.#name ? this.#own : []) as Entries[D][]);
    return this.#groups.answer(question as Question<'group'>) as Answer<D>;
  }
}

function ownIdentity(): JobIdentity {
  return {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    gids: process.getgroups?.() ?? [],
    env: process.env,
  };
}

/**
 * What came with the job where that is this user's; else what a login leaves in the environment, as BProc's own source did,
 * unless that is another user's: of root's and of others' it can be told.
 */
function userOf({ uid, gid, env }: JobIdentity): PasswdEntry | undefined {
  const told = LINES.passwd.read(env[USER_VARIABLE] ?? '');
  if (told?.uid === uid) return told;
  const name = env['USER'] || env['LOGNAME'];
  const dir = env['HOME'];
  if (!name || !dir || (name === 'root') !== (uid === 0)) return undefined;
  const entry = { name, passwd: 'x', uid, gid, gecos: '', dir, shell: env['SHELL'] ?? '' };
  return LINES.passwd.write(entry) === undefined ? undefined : entry;
}

function groupNames(env: JobIdentity['env']): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const each of (env[GROUPS_VARIABLE] ?? '').split(',')) {
    const [, name = '', gid] = /^([^\s:,]+):(\d{1,10})$/.exec(each) ?? [];
    if (name !== '') names.set(Number(gid), name);
  }
  return names;
}
