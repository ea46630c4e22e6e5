/**
 * Names: machines, users, groups and services as every node of a cluster sees them.
 *
 * @packageDocumentation
 */

export type { CacheLimits } from './answer-cache.ts';
export type { NodeNameOptions } from './beo.ts';
export type { NssClient, NssOptions } from './create-nss.ts';
export { createNss } from './create-nss.ts';
export type { DnsOptions } from './dns.ts';
export type {
  Database,
  Entries,
  EtherEntry,
  GroupEntry,
  HostEntry,
  NetgroupEntry,
  NetgroupTriple,
  PasswdEntry,
  ServiceEntry,
  ShadowEntry,
} from './entries.ts';
export { DATABASES } from './entries.ts';
export type { AddressInfo, AddressInfoOptions, HostCalls, HostOptions } from './host-calls.ts';
export type { Lookup } from './lookup.ts';
export type { NameFilesOptions, WrapperOptions } from './name-files.ts';
export { writeNameFiles, writeWrapperFiles } from './name-files.ts';
export type { NodeNaming } from './node-names.ts';
export { Nss } from './nss.ts';
export type { Answer, NssSource, Question, Status, Way } from './question.ts';
export { STATUSES, WAYS } from './question.ts';
export type { MasterNamesOptions, SlaveNamesOptions } from './service.ts';
export { masterNames, slaveNames } from './service.ts';
export type { Action, Switch, SwitchStep } from './switch.ts';
export { DEFAULT_SWITCH, formatSwitch, parseSwitch } from './switch.ts';
export type { UserdbOptions } from './userdb.ts';
export { serveUserdb, Userdb } from './userdb.ts';
