/** What names are looked up in, and what is found there: the records of the C library's databases. */

/** The databases, as `nsswitch.conf` calls them. */
export const DATABASES = ['hosts', 'passwd', 'group', 'shadow', 'netgroup', 'ethers', 'services'] as const;
/** One of the {@link DATABASES}. */
export type Database = (typeof DATABASES)[number];

/** Whether a word is the name of a database. */
export function isDatabase(word: string): word is Database {
  return DATABASES.some((database) => database === word);
}

/** A user (`struct passwd`). */
export interface PasswdEntry {
  readonly name: string;
  /** `x` where it is in the shadow database. */
  readonly passwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly dir: string;
  readonly shell: string;
}

/** A group (`struct group`). */
export interface GroupEntry {
  readonly name: string;
  readonly passwd: string;
  readonly gid: number;
  /** Names of those who are in it besides the users whose own group it is. */
  readonly members: readonly string[];
}

/** A password and its age (`struct spwd`). Days, and days since 1970; what is not set is absent. */
export interface ShadowEntry {
  readonly name: string;
  readonly passwd: string;
  readonly lastChange?: number;
  readonly min?: number;
  readonly max?: number;
  readonly warn?: number;
  readonly inactive?: number;
  readonly expire?: number;
  readonly flag?: number;
}

/** A machine (`struct hostent`). */
export interface HostEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Of IPv4 and IPv6, in the order in which they are to be tried. */
  readonly addresses: readonly string[];
}

/** One member of a netgroup; what is absent stands for every one, `-` for none. */
export interface NetgroupTriple {
  readonly host?: string;
  readonly user?: string;
  readonly domain?: string;
}

/** A netgroup, as it is written: with the names of those that are part of it. */
export interface NetgroupEntry {
  readonly name: string;
  readonly triples: readonly NetgroupTriple[];
  readonly groups: readonly string[];
}

/** A machine's Ethernet address (`struct ether_addr`), such as `02:00:00:00:00:0a`. */
export interface EtherEntry {
  readonly address: string;
  readonly name: string;
}

/** A service of the network (`struct servent`). */
export interface ServiceEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly port: number;
  /** Such as `tcp`. */
  readonly protocol: string;
}

/** The record of each database. */
export interface Entries {
  readonly hosts: HostEntry;
  readonly passwd: PasswdEntry;
  readonly group: GroupEntry;
  readonly shadow: ShadowEntry;
  readonly netgroup: NetgroupEntry;
  readonly ethers: EtherEntry;
  readonly services: ServiceEntry;
}
