/** Who the calling program is: what makes it anew, on another node or as a copy, leaves it all that it remembers of itself. */
import { pidNow, startEnvironment } from '../../linux/index.ts';
import { MAX_PID } from '../ids.ts';

/** What a program has become that is a copy. */
export class Self {
  readonly pid: number;
  /** Its place among the copies that were made with it. */
  readonly rank: number;
  /** Identity of its start. */
  readonly puid: string;

  constructor(pid: number, rank: number, puid: string) {
    this.pid = pid;
    this.rank = rank;
    this.puid = puid;
  }
}

/** What a program is told of itself, and its pid by which it knows itself. */
interface Facts extends Self {
  readonly inner: number;
}

/** The calling program, in the course of its life. */
export class OwnSelf {
  readonly #master = startEnvironment()['BPROC_MASTER'];
  #known = present();

  /** The global pid that it was told when it was started; 0: it was not started by this library. */
  get pid(): number {
    return this.#known.pid;
  }

  /** Identity of the start that it is, or is part of; empty: it was not started by this library. */
  get puid(): string {
    return this.#known.puid;
  }

  /** Whether `pid` is that of this program itself for certain: of what it was started by, it has been told another one. */
  get isStarted(): boolean {
    return this.#known.pid === this.#known.inner;
  }

  /** Who it is, where that is another one than when this was last asked. */
  becomes(): Self | undefined {
    const now = present();
    if (now.puid === this.#known.puid && now.inner === this.#known.inner) return undefined;
    this.#known = { ...now, pid: now.inner };
    return new Self(now.inner, now.rank, now.puid);
  }

  /** Addresses of the master as they are from where it is now: the one that it was started with may be another one. */
  addresses(given: readonly string[]): readonly string[] {
    const now = startEnvironment()['BPROC_MASTER'] ?? '';
    return given.map((each) => (each === this.#master && now !== '' ? now : each));
  }
}

function present(): Facts {
  const { BPROC_ID = '', BPROC_RANK = '', BPROC_PID = '' } = startEnvironment();
  const told = /^\d{1,10}$/.test(BPROC_PID) && Number(BPROC_PID) <= MAX_PID ? Number(BPROC_PID) : 0;
  // behind what is common to all of a client
  const puid = BPROC_ID.slice(BPROC_ID.lastIndexOf('.') + 1);
  return { pid: told, puid, rank: Number(BPROC_RANK) || 0, inner: pidNow() };
}
