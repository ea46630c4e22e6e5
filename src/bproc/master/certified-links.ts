/** Open connections that came by a certificate: they end when it does [PROTOCOL 8.8]. */
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Certified } from '../join/index.ts';
import { identityText } from '../join/index.ts';

interface Entry {
  readonly name: string;
  /** Of the certificate it came by, and of those that this was renewed into. */
  readonly serials: Set<string>;
  /** Milliseconds since 1970. */
  notAfter: number;
}

/** Keeps an eye on certificates in use. */
export class CertifiedLinks {
  readonly #clock: Clock;
  readonly #drop: (link: number, reason: BprocError) => void;
  readonly #links = new Map<number, Entry>();
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: Cancel | undefined;

  /** @param drop closes a connection for a reason. */
  constructor(clock: Clock, drop: (link: number, reason: BprocError) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  add(link: number, { identity, serial, notAfter }: Certified): void {
    this.#links.set(link, { name: identityText(identity), serials: new Set([serial]), notAfter });
    // with a thousand of them it matters that only an earlier end is looked for
    if (notAfter < this.#armedFor) this.#arm();
  }

  delete(link: number): void {
    this.#links.delete(link);
  }

  /** One certificate has been renewed into another: who came by the first stays as long as the second is good. */
  renewed(serial: string, next: { readonly serial: string; readonly notAfter: number }): void {
    for (const entry of this.#links.values()) {
      if (!entry.serials.has(serial)) continue;
      entry.serials.add(next.serial);
      entry.notAfter = Math.max(entry.notAfter, next.notAfter);
    }
    this.#arm();
  }

  /** These count no more: whoever came by one of them goes at once. */
  revoked(serials: readonly string[]): void {
    for (const [link, entry] of this.#links) {
      if (!serials.some((serial) => entry.serials.has(serial))) continue;
      this.#end(link, new BprocError('EPERM', `the certificate of ${entry.name} was revoked`));
    }
  }

  stop(): void {
    this.#links.clear();
    this.#cancel?.();
  }

  #end(link: number, reason: BprocError): void {
    this.#links.delete(link);
    this.#drop(link, reason);
  }

  /** One timer, for the first that ends. */
  #arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { notAfter } of this.#links.values()) next = Math.min(next, notAfter);
    if (next === Number.POSITIVE_INFINITY || next >= this.#armedFor) return;
    this.#cancel?.();
    this.#armedFor = next;
    this.#cancel = this.#clock.after(Math.max(0, next - this.#clock.wallTime()) + 1, () => {
      this.#armedFor = Number.POSITIVE_INFINITY;
      this.#cancel = undefined;
      this.#endExpired();
      this.#arm();
    });
  }

  #endExpired(): void {
    const now = this.#clock.wallTime();
    for (const [link, { name, notAfter }] of this.#links) {
      if (notAfter > now) continue;
      this.#end(link, new BprocError('EPERM', `the certificate of ${name} has expired, and was not renewed`));
    }
  }
}
