/**
 * Hooks: what a site's own scheduler has to say of maps and jobs. They are other people's code, so nothing that they do wrong loses a job: what
 * throws, takes too long or answers nonsense is told by name, and it goes on as if that hook had said nothing. Only one that never lets go of the
 * processor holds everything up: such a one belongs into a program of its own.
 */
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NodeInfo, ProcessEnd } from '../bproc/index.ts';
import { systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { type ChooseOptions, checkPlacement } from './choose.ts';
import { JobMap } from './job-map.ts';
import type { MapNode, Placement, PlaceRequest } from './policy.ts';

/** Nodes to choose from, and for whom. */
export interface HookQuestion extends PlaceRequest {
  /** For whom it is. */
  readonly uid: number;
  /** Those that can be used. */
  readonly nodes: readonly MapNode[];
}

/** A job, as hooks are told of it. */
export interface HookJob {
  readonly id: string;
  readonly uid: number;
  readonly map: JobMap;
  readonly file: string;
}

/** What a scheduler's plugin is. Each of its functions may be left out, and may be asynchronous. */
export interface Hooks {
  /** Under which it shows in messages. */
  readonly name: string;
  /** Sees what is wanted, and may want something else. */
  beforeMap?(wishes: ChooseOptions): ChooseOptions | undefined | Promise<ChooseOptions | undefined>;
  /** Chooses in place of a policy, exactly `np` slots; undefined: it does not. The first hook that does is the one. */
  map?(question: HookQuestion): Placement | undefined | Promise<Placement | undefined>;
  /** Sees the map, and may give another one of as many slots. */
  afterMap?(map: JobMap): JobMap | undefined | Promise<JobMap | undefined>;
  onStart?(job: HookJob): void | Promise<void>;
  /** @param ends of its processes in the order of their ranks; an error for one that did not start, or is not heard of any more. */
  onEnd?(job: HookJob, ends: readonly (ProcessEnd | BprocError)[]): void | Promise<void>;
  onNodeChange?(info: NodeInfo): void | Promise<void>;
}

/** The names of the functions. */
export type HookCall = 'beforeMap' | 'map' | 'afterMap' | 'onStart' | 'onEnd' | 'onNodeChange';

const CALLS: readonly HookCall[] = ['beforeMap', 'map', 'afterMap', 'onStart', 'onEnd', 'onNodeChange'];

/** How hooks are called. */
export interface HookOptions {
  /** How long each call may take, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** Told what a hook has done wrong, in an error that names it. */
  readonly onTrouble?: (error: BprocError) => void;
}

/**
 * Loads hooks from modules, which export them as `hooks`, or by default.
 *
 * @param sources paths of modules, or hooks themselves.
 * @throws BprocError ENOENT, EINVAL for a module that cannot be loaded or has no hooks.
 */
export async function loadHooks(sources: readonly (string | Hooks)[], options: HookOptions = {}): Promise<HookSet> {
  const all: Hooks[] = [];
  for (const source of sources) {
    if (typeof source === 'string') all.push(checked(await imported(source), basename(source)));
    else all.push(checked(source, 'hooks'));
  }
  return new HookSet(all, options);
}

async function imported(path: string): Promise<unknown> {
  try {
    const module: { readonly hooks?: unknown; readonly default?: unknown } = await import(
      pathToFileURL(resolve(path)).href
    );
    return module.hooks ?? module.default;
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BprocError(isMissing ? 'ENOENT' : 'EINVAL', `the hooks ${path} cannot be loaded: ${why}`, { cause });
  }
}

function checked(hooks: unknown, where: string): Hooks {
  if (typeof hooks !== 'object' || hooks === null) {
    throw new BprocError('EINVAL', `${where} exports no hooks: they are an object with ${CALLS.join(', ')}`);
  }
  const given = hooks as Readonly<Record<string, unknown>>;
  for (const call of CALLS) {
    if (given[call] === undefined || typeof given[call] === 'function') continue;
    throw new BprocError('EINVAL', `${call} of ${where} is no function`);
  }
  if (typeof given['name'] === 'string' && given['name'] !== '') return given as unknown as Hooks;
  throw new BprocError('EINVAL', `the hooks of ${where} have no name`);
}

/** Hooks that are called one after the other, and contained. */
export class HookSet {
  readonly #hooks: readonly Hooks[];
  readonly #timeoutMs: number;
  readonly #onTrouble: (error: BprocError) => void;
  readonly #clock = systemClock({ keepAlive: true });

  /** @internal Use {@link loadHooks}. */
  constructor(hooks: readonly Hooks[], { timeoutMs = 5000, onTrouble = () => {} }: HookOptions) {
    this.#hooks = hooks;
    this.#timeoutMs = timeoutMs;
    this.#onTrouble = onTrouble;
  }

  /** @param check throws for what cannot be wanted. */
  async beforeMap(wishes: ChooseOptions, check: (wishes: ChooseOptions) => void): Promise<ChooseOptions> {
    let wanted = wishes;
    for (const hooks of this.#hooks) {
      const other = await this.#call(hooks, 'beforeMap', async () => {
        const said = await hooks.beforeMap?.({ ...wanted });
        if (said === undefined) return undefined;
        if (typeof said !== 'object' || said === null) throw new BprocError('EINVAL', 'it gives no wishes');
        check(said);
        return said;
      });
      wanted = other ?? wanted;
    }
    return wanted;
  }

  /** What the first hook chooses, and its name. */
  async map(question: HookQuestion): Promise<{ readonly name: string; readonly placement: Placement } | undefined> {
    for (const hooks of this.#hooks) {
      const { name } = hooks;
      if (hooks.map === undefined) continue;
      const placement = await this.#call(hooks, 'map', async () => {
        // its own copy: what it does to that is nobody else's concern
        const said = await hooks.map?.(structuredClone(question));
        if (said === undefined) return undefined;
        checkPlacement(said, question.np, question.nodes, { name });
        const { slots } = said;
        if (slots.length === question.np) return said;
        throw new BprocError('EINVAL', `it gives ${slots.length} slots, and ${question.np} were asked for`);
      });
      if (placement !== undefined) return { name, placement };
    }
    return undefined;
  }

  /** @param check throws for a map that cannot be used. */
  async afterMap(map: JobMap, check: (map: JobMap) => void): Promise<JobMap> {
    let last = map;
    for (const hooks of this.#hooks) {
      const other = await this.#call(hooks, 'afterMap', async () => {
        const said = await hooks.afterMap?.(last);
        if (said === undefined) return undefined;
        if (!(said instanceof JobMap)) throw new BprocError('EINVAL', 'it gives no JobMap');
        if (said.size !== map.size)
          throw new BprocError('EINVAL', `it gives ${said.size} slots in place of ${map.size}`);
        check(said);
        return said;
      });
      last = other ?? last;
    }
    return last;
  }

  async onStart(job: HookJob): Promise<void> {
    for (const hooks of this.#hooks) await this.#call(hooks, 'onStart', async () => hooks.onStart?.(job));
  }

  async onEnd(job: HookJob, ends: readonly (ProcessEnd | BprocError)[]): Promise<void> {
    for (const hooks of this.#hooks) await this.#call(hooks, 'onEnd', async () => hooks.onEnd?.(job, ends));
  }

  async onNodeChange(info: NodeInfo): Promise<void> {
    for (const hooks of this.#hooks) await this.#call(hooks, 'onNodeChange', async () => hooks.onNodeChange?.(info));
  }

  async #call<T>(hooks: Hooks, call: HookCall, action: () => Promise<T>): Promise<T | undefined> {
    if (hooks[call] === undefined) return undefined;
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(this.#timeoutMs, () => {
        reject(new BprocError('ETIMEDOUT', `it has not answered within ${this.#timeoutMs} ms`));
      });
    });
    try {
      return await Promise.race([action(), late]);
    } catch (cause) {
      const error = BprocError.from(cause);
      this.#tell(new BprocError(error.code, `hook ${hooks.name}.${call}: ${error.message}`, { cause }));
      return undefined;
    } finally {
      cancel();
    }
  }

  #tell(error: BprocError): void {
    try {
      this.#onTrouble(error);
    } catch {
      // whoever wanted to know of it cannot be told of this either
    }
  }
}
