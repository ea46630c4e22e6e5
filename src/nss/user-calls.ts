/** Calls about users and groups, called after those of the C library. */
import type { CallOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { NssCalls } from './calls.ts';
import type { GroupEntry, PasswdEntry, ShadowEntry } from './entries.ts';
import { jobVariables } from './job.ts';
import { checkName } from './question.ts';

/** The last id of 32 bits that is one. */
const LAST_ID = 2 ** 32 - 2;

/** Calls about users and groups. What does not exist is undefined. */
export abstract class UserCalls extends NssCalls {
  /** A user by name. @throws BprocError EINVAL for a name that cannot be, EAGAIN where it cannot be said now, ETIMEDOUT, ECANCELED. */
  async getpwnam(name: string, options: CallOptions = {}): Promise<PasswdEntry | undefined> {
    return this.first({ database: 'passwd', by: 'name', key: checkName('user', name), detail: '' }, options);
  }

  /** A user by number. @throws BprocError EINVAL for a number that cannot be, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getpwuid(uid: number, options: CallOptions = {}): Promise<PasswdEntry | undefined> {
    return this.first({ database: 'passwd', by: 'number', key: checkId('uid', uid), detail: '' }, options);
  }

  /** Every user of every source, in their order. @throws BprocError EAGAIN, ETIMEDOUT, ECANCELED. */
  getpwent(options: CallOptions = {}): Promise<readonly PasswdEntry[]> {
    return this.all('passwd', options);
  }

  /** A group by name. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getgrnam(name: string, options: CallOptions = {}): Promise<GroupEntry | undefined> {
    return this.first({ database: 'group', by: 'name', key: checkName('group', name), detail: '' }, options);
  }

  /** A group by number. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getgrgid(gid: number, options: CallOptions = {}): Promise<GroupEntry | undefined> {
    return this.first({ database: 'group', by: 'number', key: checkId('gid', gid), detail: '' }, options);
  }

  /** Every group of every source, in their order. @throws BprocError EAGAIN, ETIMEDOUT, ECANCELED. */
  getgrent(options: CallOptions = {}): Promise<readonly GroupEntry[]> {
    return this.all('group', options);
  }

  /**
   * The numbers of all groups of a user, each once (`getgrouplist`, which `initgroups` sets).
   *
   * @param gid comes first. @default the user's own group
   * @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED; ENOENT for a user who does not exist, where `gid` is not given.
   */
  async initgroups(user: string, gid?: number, options: CallOptions = {}): Promise<readonly number[]> {
    const own = gid === undefined ? (await this.getpwnam(user, options))?.gid : Number(checkId('gid', gid));
    if (own === undefined) throw new BprocError('ENOENT', `there is no user ${JSON.stringify(user)}`);
    const groups = await this.groupsOf(user, options);
    return [...new Set([own, ...groups.map((group) => group.gid)])];
  }

  /** The groups that name a user as a member, of every source. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async groupsOf(user: string, options: CallOptions = {}): Promise<readonly GroupEntry[]> {
    return this.ask({ database: 'group', by: 'member', key: checkName('user', user), detail: '' }, options);
  }

  /** A password. @throws BprocError EACCES for everybody but root; EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getspnam(name: string, options: CallOptions = {}): Promise<ShadowEntry | undefined> {
    checkRoot();
    return this.first({ database: 'shadow', by: 'name', key: checkName('user', name), detail: '' }, options);
  }

  /** Every password. @throws BprocError EACCES for everybody but root; EAGAIN, ETIMEDOUT, ECANCELED. */
  async getspent(options: CallOptions = {}): Promise<readonly ShadowEntry[]> {
    checkRoot();
    return this.all('shadow', options);
  }

  /**
   * The environment by which the source `job` knows a user and the names of his groups on nodes that know neither:
   * give it to what is started there as `env`.
   *
   * @param user a name. @default whoever this program runs as
   * @throws BprocError ENOENT for a user who does not exist; EINVAL, EAGAIN, ETIMEDOUT, ECANCELED.
   */
  async jobEnvironment(user?: string, options: CallOptions = {}): Promise<Record<string, string>> {
    const uid = process.getuid?.() ?? 0;
    const entry = await (user === undefined ? this.getpwuid(uid, options) : this.getpwnam(user, options));
    if (entry === undefined) throw new BprocError('ENOENT', `there is no user ${user ?? uid}`);
    const own = await this.getgrgid(entry.gid, options);
    const groups = [...(own === undefined ? [] : [own]), ...(await this.groupsOf(entry.name, options))];
    return jobVariables(entry, [...new Map(groups.map((group) => [group.gid, group])).values()]);
  }
}

/** A number as it is looked up. @throws BprocError EINVAL. */
function checkId(what: string, id: number): string {
  if (Number.isInteger(id) && id >= 0 && id <= LAST_ID) return String(id);
  throw new BprocError('EINVAL', `${what} is ${id}: it must be a whole number from 0 to ${LAST_ID}`);
}

/** Whoever it is, sources decide by what the kernel says of him; this only says why they have nothing for others. */
function checkRoot(): void {
  if (process.geteuid?.() === 0) return;
  throw new BprocError('EACCES', 'the database shadow is for root alone');
}
