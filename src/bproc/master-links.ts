/** The links of a slave or a client to its masters: what happens on them becomes events, effects are carried out on them. */
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Link } from '../transport/index.ts';
import { parseAddress, sendOrFail } from '../transport/index.ts';
import type { Challenge, Control } from '../wire/index.ts';
import { meetChallenge } from './challenge.ts';
import { watchPeer } from './heartbeat.ts';
import type { LinkEffect, LinkEvent } from './link-events.ts';

/** Links by their numbers, each watched for as long as it is there. */
export class MasterLinks {
  readonly #clock: Clock;
  readonly #tell: (event: LinkEvent) => void;
  readonly #links = new Map<number, Link>();
  readonly #watches = new Map<number, Cancel>();
  readonly #leaving = new Set<() => void>();
  #next = 1;

  /** @param tell takes what happens; when it is told that a link is closed, the link is already gone from here. */
  constructor(clock: Clock, tell: (event: LinkEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Takes a new link in and returns its number, which none had before. */
  adopt(link: Link): number {
    const id = this.#next;
    this.#next += 1;
    this.#links.set(id, link);
    this.#watches.set(id, watchPeer(this.#clock, link));
    const tell = (message: Control): void => this.#tell({ type: 'control', link: id, message });
    let settle = (): void => {};
    let trouble: BprocError | undefined;
    link.open({
      control: (message) => {
        if (message.body !== 'challenge') {
          settle();
          return tell(message);
        }
        const { directory, name } = message.challenge;
        // one for a connection, and before anything else was said
        settle();
        settle = showOneself(link, { directory, name }, (error) => {
          trouble = error;
          link.close(error);
        });
      },
      data: (stream, offset, bytes, fin) => this.#tell({ type: 'data', link: id, stream, offset, bytes, fin }),
      credit: (stream, credit) => this.#tell({ type: 'credit', link: id, stream, credit }),
      stop: (stream) => this.#tell({ type: 'stop', link: id, stream }),
      drained: () => this.#tell({ type: 'drained', link: id }),
      closed: (reason) => {
        settle();
        this.#links.delete(id);
        this.#unwatch(id);
        this.#tell({ type: 'closed', link: id, reason: trouble ?? reason });
        if (this.#links.size === 0) for (const leave of this.#leaving) leave();
      },
    });
    return id;
  }

  /** A link that is still there, or is closing. */
  get(id: number): Link | undefined {
    return this.#links.get(id);
  }

  /** Does something with a link; nothing where it is gone. */
  perform(effect: LinkEffect): void {
    const link = this.#links.get(effect.link);
    if (link === undefined) return;
    switch (effect.type) {
      case 'send':
        return sendOrFail(link, effect.message);
      case 'data':
        return link.sendData(effect.stream, effect.offset, effect.bytes, effect.fin);
      case 'credit':
        return link.sendCredit(effect.stream, effect.credit);
      case 'stop':
        return link.sendStop(effect.stream);
      case 'close':
        return link.close(effect.reason);
    }
  }

  /** Closes all of them; what they have to send is still sent, for as long as closing may take. */
  closeAll(): void {
    for (const link of this.#links.values()) link.close();
    for (const id of [...this.#watches.keys()]) this.#unwatch(id);
  }

  /** Resolves once the last of them is gone: with {@link closeAll}, soon. What is still there after so many milliseconds is cut. */
  async gone(withinMs: number): Promise<void> {
    if (this.#links.size === 0) return;
    const cancel = this.#clock.after(withinMs, () => {
      for (const link of this.#links.values()) link.destroy();
    });
    await new Promise<void>((resolve) => this.#leaving.add(resolve));
    cancel();
  }

  #unwatch(id: number): void {
    this.#watches.get(id)?.();
    this.#watches.delete(id);
  }
}

/** Answers a CHALLENGE; what is returned ends it, once the master has said the next word or is gone. */
function showOneself(link: Link, challenge: Challenge, fail: (error: BprocError) => void): () => void {
  let isOver = false;
  const made = meet(link, challenge);
  made.then(
    () => {
      if (!isOver) link.send({ challenged: {} });
    },
    (error: unknown) => fail(BprocError.from(error)),
  );
  return () => {
    isOver = true;
    made.then(
      (remove) => remove(),
      () => {},
    );
  };
}

async function meet({ peer }: Link, challenge: Challenge): Promise<() => Promise<void>> {
  if (!peer.startsWith('unix:'))
    throw new BprocError('EPERM', 'only a master on this machine can be shown a directory');
  const address = parseAddress(peer);
  return meetChallenge(challenge, address.kind === 'unix' ? address.path : '');
}
