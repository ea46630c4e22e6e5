/** Those who ask to be let in without a token, until somebody who may says yes: PROTOCOL.md 8.7. */
import { BprocError } from '../../errors.ts';

/** Most that wait, and most of one address: nobody can fill the list alone. */
const MOST = 256;
const MOST_OF_ONE = 16;
/** How long one is listed that does not ask again, in milliseconds. */
const FORGOTTEN_MS = 600_000;
/** How long a yes waits for the applicant to come for it, in milliseconds. */
const APPROVED_MS = 3_600_000;

/** Characters of an applicant's id: 80 bits, so that nobody finds a key with the id of another. */
const ID_LENGTH = 20;

/** Somebody who waits. */
export interface Applicant {
  /** Made of its key: the applicant says the same one. */
  readonly id: string;
  /** Where it asks from. */
  readonly peer: string;
  /** How it calls itself. Nobody has checked that. */
  readonly address: string;
  readonly role: 'slave' | 'client';
  /** The node that it would like to be. */
  readonly node: number | undefined;
  /** When it asked first, in milliseconds since 1970. */
  readonly since: number;
}

/** What somebody who may has said. */
export interface Approval {
  readonly node: number | undefined;
  /** Whose word it was. */
  readonly uid: number;
}

interface Waiting {
  readonly applicant: Applicant;
  heardAt: number;
  approval: Approval | undefined;
}

/** The id of whoever has a key. `keyHash` is in hexadecimal. */
export function applicantId(keyHash: string): string {
  return keyHash.slice(0, ID_LENGTH);
}

/** The list. It is kept in memory: who waits asks again. */
export class Applicants {
  readonly #wallTime: () => number;
  readonly #waiting = new Map<string, Waiting>();

  constructor(wallTime: () => number) {
    this.#wallTime = wallTime;
  }

  /** Those that nobody has said yes to. */
  get list(): readonly Applicant[] {
    this.#forget();
    return [...this.#waiting.values()].flatMap(({ applicant, approval }) => (approval === undefined ? applicant : []));
  }

  /**
   * Lists somebody, or finds what was said of it.
   *
   * @throws BprocError EAGAIN where the list is full.
   */
  ask(applicant: Omit<Applicant, 'since'>): Approval | undefined {
    this.#forget();
    const now = this.#wallTime();
    const known = this.#waiting.get(applicant.id);
    if (known !== undefined) {
      known.heardAt = now;
      return known.approval;
    }
    const ofOne = [...this.#waiting.values()].filter((each) => each.applicant.peer === applicant.peer).length;
    if (this.#waiting.size >= MOST || ofOne >= MOST_OF_ONE) {
      throw new BprocError('EAGAIN', 'too many wait to be approved already: join with a token, or ask again later');
    }
    this.#waiting.set(applicant.id, { applicant: { ...applicant, since: now }, heardAt: now, approval: undefined });
    return undefined;
  }

  /**
   * Says yes to somebody, who gets its certificate when it asks again.
   *
   * @throws BprocError ENOENT where nobody of this id waits.
   */
  approve(id: string, approval: Approval): Applicant {
    this.#forget();
    const found = this.#waiting.get(id);
    if (found === undefined) throw new BprocError('ENOENT', `nobody with id ${id} waits: see "bpctl node pending"`);
    found.approval = { node: approval.node ?? found.applicant.node, uid: approval.uid };
    found.heardAt = this.#wallTime();
    return found.applicant;
  }

  /** It has its certificate. */
  remove(id: string): void {
    this.#waiting.delete(id);
  }

  #forget(): void {
    const now = this.#wallTime();
    for (const [id, { heardAt, approval }] of this.#waiting) {
      if (now - heardAt > (approval === undefined ? FORGOTTEN_MS : APPROVED_MS)) this.#waiting.delete(id);
    }
  }
}
