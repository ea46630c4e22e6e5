/** Server-sent events: one look at the cluster for all pages that show the same, for as long as there are any. */
import type { ServerResponse } from 'node:http';
import { BprocError } from '../../errors.ts';

/** What a page may be behind before it is cut off; it connects anew and gets everything. */
const MOST_BEHIND_BYTES = 4 * 1024 * 1024;
/** Pages at a time. */
const MOST_PAGES = 256;

/** What a feed tells of, by names: each is told where its text has changed, and all of it to a page that is new. */
export type Facts = ReadonlyMap<string, unknown>;

/** Looks again and again, and tells pages what has changed. */
export class Feed {
  readonly #event: string;
  readonly #look: () => Promise<Facts>;
  readonly #everyMs: number;
  readonly #pages = new Set<ServerResponse>();
  #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #trouble: string | undefined;

  constructor(event: string, everyMs: number, look: () => Promise<Facts>) {
    this.#event = event;
    this.#everyMs = everyMs;
    this.#look = look;
  }

  get isIdle(): boolean {
    return this.#pages.size === 0;
  }

  /** Tells a page from now on. False where there are too many. */
  add(page: ServerResponse): boolean {
    if (this.#pages.size >= MOST_PAGES) return false;
    this.#pages.add(page);
    page.on('close', () => this.#remove(page));
    page.on('error', () => this.#remove(page));
    page.write('retry: 2000\n\n');
    if (this.#told.size > 0) this.#send(page, 'all', [...this.#told.values()], []);
    if (this.#trouble !== undefined) page.write(this.#troubleText);
    void this.#go();
    return true;
  }

  /** Ends all of it. */
  close(): void {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
    clearTimeout(this.#timer);
  }

  #remove(page: ServerResponse): void {
    this.#pages.delete(page);
    if (!this.isIdle) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told.clear();
  }

  async #go(): Promise<void> {
    if (this.#isLooking || this.#timer !== undefined) return;
    this.#isLooking = true;
    try {
      this.#tell(await this.#look());
      if (this.#trouble !== undefined) this.#each('event: well\ndata: {}\n\n');
      this.#trouble = undefined;
    } catch (cause) {
      this.#trouble = BprocError.from(cause).message;
      this.#each(this.#troubleText);
    }
    this.#isLooking = false;
    if (this.isIdle) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#go();
    }, this.#everyMs);
  }

  get #troubleText(): string {
    return `event: trouble\ndata: ${JSON.stringify(this.#trouble)}\n\n`;
  }

  #tell(facts: Facts): void {
    const before = this.#told;
    const now = new Map([...facts].map(([name, fact]) => [name, JSON.stringify(fact)]));
    const changed = [...now].filter(([name, text]) => before.get(name) !== text).map(([, text]) => text);
    const gone = [...before.keys()].filter((name) => !now.has(name));
    this.#told = now;
    const isFirst = before.size === 0;
    if (!isFirst && changed.length === 0 && gone.length === 0) return;
    for (const page of this.#pages) this.#send(page, isFirst ? 'all' : 'some', changed, gone);
  }

  #each(text: string): void {
    for (const page of this.#pages) page.write(text);
  }

  #send(page: ServerResponse, which: 'all' | 'some', texts: readonly string[], gone: readonly string[]): void {
    if (page.writableLength > MOST_BEHIND_BYTES) return void page.destroy();
    const data = `{"which":"${which}","changed":[${texts.join(',')}],"gone":${JSON.stringify(gone)}}`;
    page.write(`event: ${this.#event}\ndata: ${data}\n\n`);
  }
}
