/** Telling the table which processes have ghosts, many at once. */
import { clearImmediate, setImmediate } from 'node:timers';
import { BprocError } from '../../errors.ts';
import type { Client } from '../client/index.ts';

/** Processes that one message says the ghosts of. */
const PER_MESSAGE = 4096;

/** What the table has still to be told. */
export class TableNotes {
  readonly #client: Client;
  readonly #failed: (error: BprocError) => void;
  readonly #pids = new Map<string, number>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(client: Client, failed: (error: BprocError) => void) {
    this.#client = client;
    this.#failed = failed;
  }

  /** Notes the pid of a process's ghost, 0 for none any more. Told with what else happens in this turn. */
  add(puid: string, pid: number): void {
    this.#pids.set(puid, pid);
    this.#scheduled ??= setImmediate(() => void this.#tell());
  }

  /** Takes all of them back, as far as the client is there; one that is not takes its ghosts out of the table itself. */
  async retract(puids: Iterable<string>): Promise<void> {
    this.#pids.clear();
    for (const puid of puids) this.#pids.set(puid, 0);
    if (this.#client.isConnected) await this.#tell();
    else if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
  }

  async #tell(): Promise<void> {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const pids = [...this.#pids];
    this.#pids.clear();
    const parts: Promise<void>[] = [];
    for (let at = 0; at < pids.length; at += PER_MESSAGE) {
      parts.push(this.#client.noteGhosts(new Map(pids.slice(at, at + PER_MESSAGE))));
    }
    try {
      await Promise.all(parts);
    } catch (cause) {
      this.#failed(BprocError.from(cause));
    }
  }
}
