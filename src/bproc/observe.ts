/** What the roles let others see of themselves: `node:diagnostics_channel` for tools, a logger for people. */
import { channel } from 'node:diagnostics_channel';
import type { EventInit } from '../wire/index.ts';

/** A logger of pino's shape. The library prints nothing itself. */
export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Names of the channels on which every change of a master's tables and every connection is published. */
export const CHANNELS = {
  /** `{ change, node }`: a node's record after the change. */
  node: 'bproc:node',
  /** `{ process }`: a process's record after the change. */
  process: 'bproc:process',
  /** `{ role, peer, event, reason }`: a connection was opened or closed. */
  link: 'bproc:link',
} as const;

/** Publishes what one role does. */
export class Observer {
  readonly #role: string;
  readonly #logger: Logger | undefined;
  readonly #node = channel(CHANNELS.node);
  readonly #process = channel(CHANNELS.process);
  readonly #link = channel(CHANNELS.link);

  constructor(role: string, logger: Logger | undefined) {
    this.#role = role;
    this.#logger = logger;
  }

  /** Whether anybody sees changes of the tables. */
  get isWatched(): boolean {
    return this.#logger !== undefined || this.#node.hasSubscribers || this.#process.hasSubscribers;
  }

  /** A change of the tables. */
  event({ node, process }: EventInit): void {
    if (node !== undefined) {
      this.#node.publish(node);
      this.#logger?.info(node, `node ${node.node?.node}: ${node.change}, ${node.node?.state}`);
    }
    if (process !== undefined) {
      this.#process.publish(process);
      this.#logger?.debug(process, `process ${process.process?.pid} changed`);
    }
  }

  /** A connection was opened, or closed for a reason. */
  link(peer: string, event: 'opened' | 'closed', reason?: Error): void {
    const details = { role: this.#role, peer, event, reason: reason?.message };
    this.#link.publish(details);
    if (reason === undefined) this.#logger?.debug(details, `connection ${event}`);
    else this.#logger?.warn(details, `connection ${event}: ${reason.message}`);
  }
}
