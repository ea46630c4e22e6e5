/** The process space: master, slaves and clients, and the words they share. */

export { bound } from './bound.ts';
export * from './client/index.ts';
export type { ConnectionSource, Connector } from './connector.ts';
export * from './ghosts/index.ts';
export type { Preset } from './image/index.ts';
export { CacheHome, readElf } from './image/index.ts';
export type { CertificateLifetimes, TokenLoginOptions } from './join/index.ts';
export { loginByToken } from './join/index.ts';
export * from './master/index.ts';
export * from './node-info.ts';
export type { NodeEntry, NodeSelection, SelectableNode, SelectOptions } from './node-set.ts';
export { selectEntries, selectNodes } from './node-set.ts';
export type { NodeSetItem } from './node-set-text.ts';
export { formatNodeSet, parseNodeSet } from './node-set-text.ts';
export type { Logger } from './observe.ts';
export { CHANNELS } from './observe.ts';
export type { Credentials } from './permissions.ts';
export * from './process-end.ts';
export type {
  AskOptions,
  LocalProcess,
  MasterHome,
  MasterService,
  MasterServing,
  Outfit,
  OutfitWish,
  ServiceCaller,
  SlaveHome,
  SlaveService,
  SlaveServing,
} from './service.ts';
export * from './slave/index.ts';
