/** What a caller wants of a map: by options, and by Scyld's environment variables where these say nothing. */
import { BprocError } from '../errors.ts';
import type { ChooseOptions } from './choose.ts';
import { JobMap } from './job-map.ts';
import { POLICIES } from './policies.ts';
import type { Policy } from './policy.ts';

/** What can be wanted of a map. What an option says goes before what the environment does. */
export interface MapWishes extends Omit<ChooseOptions, 'exclude' | 'policy'> {
  /** This very map, or its text. It goes before everything else, the environment's (`BEOWULF_JOB_MAP`) too. */
  readonly map?: JobMap | string;
  /** Nodes to leave out, as numbers or, as Scyld has it, as text with colons between; -1 is the master. */
  readonly exclude?: readonly number[] | string;
  /** Who chooses, or the name of a policy that needs no settings. @default leastLoaded */
  readonly policy?: Policy | string;
  /** Where `NP ALL_CPUS ALL_NODES ALL_LOCAL NO_LOCAL EXCLUDE BEOWULF_JOB_MAP MAP NO_OVER` are looked up; `{}`: nowhere. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** Wishes after precedence: a map, or how to choose one. */
export type Wanted =
  | { readonly map: JobMap; readonly choose?: undefined }
  | { readonly map?: undefined; readonly choose: ChooseOptions };

/**
 * Settles what is wanted.
 *
 * A flag of the environment holds where the variable has any value, `0` too, as in Scyld's. An option that says how many processes there are
 * sets aside all that the environment says of that.
 *
 * @throws BprocError EINVAL for what cannot be read or does not go together, with where it stands.
 */
export function wantedOf(wishes: MapWishes): Wanted {
  const { env = process.env, allCpus, allNodes, allLocal } = wishes;
  if (wishes.map !== undefined) {
    if (allCpus || allNodes || allLocal) {
      throw new BprocError(
        'EINVAL',
        'a map does not go with allCpus, allNodes or allLocal: it says all of that itself',
      );
    }
    return { map: wishes.map instanceof JobMap ? wishes.map : JobMap.parse(wishes.map) };
  }
  const map = mapOfEnvironment(env);
  if (map !== undefined) return { map };
  const exclude = wishes.exclude ?? said(env, 'EXCLUDE');
  const policy = typeof wishes.policy === 'string' ? policyNamed(wishes.policy) : wishes.policy;
  return {
    choose: {
      ...howMany(wishes, env),
      noLocal: wishes.noLocal ?? isSet(env, 'NO_LOCAL'),
      noOver: wishes.noOver ?? isSet(env, 'NO_OVER'),
      exclude: typeof exclude === 'string' ? within('EXCLUDE', () => JobMap.parse(exclude).slots) : (exclude ?? []),
      ...(policy === undefined ? {} : { policy }),
      ...(wishes.idleBelow === undefined ? {} : { idleBelow: wishes.idleBelow }),
    },
  };
}

function howMany(wishes: MapWishes, env: NodeJS.ProcessEnv): ChooseOptions {
  const { np, allCpus = false, allNodes = false, allLocal = false } = wishes;
  const kind = { allCpus, allNodes, allLocal };
  if (allCpus || allNodes) return np === undefined ? kind : { ...kind, np };
  if (np !== undefined) return { ...kind, np, allLocal: wishes.allLocal ?? isSet(env, 'ALL_LOCAL') };
  const text = said(env, 'NP');
  const local = wishes.allLocal ?? isSet(env, 'ALL_LOCAL');
  // of several the largest is meant: whoever sets them has an NP of his own in his profile
  if (!local && isSet(env, 'ALL_CPUS')) return { ...kind, allCpus: true };
  if (!local && isSet(env, 'ALL_NODES')) return { ...kind, allNodes: true };
  return { ...kind, allLocal: local, ...(text === undefined ? {} : { np: numberOf(text) }) };
}

/** `MAP` is a name that others use too: what is no map there is theirs. */
function mapOfEnvironment(env: NodeJS.ProcessEnv): JobMap | undefined {
  const text = said(env, 'BEOWULF_JOB_MAP');
  if (text !== undefined) return within('BEOWULF_JOB_MAP', () => JobMap.parse(text));
  const old = said(env, 'MAP');
  return old !== undefined && /^(?:-1|\d+)(?::(?:-1|\d+))*$/.test(old)
    ? within('MAP', () => JobMap.parse(old))
    : undefined;
}

function policyNamed(name: string): Policy {
  const policy = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
  if (policy !== undefined) return policy;
  const known = Object.keys(POLICIES).join(', ');
  throw new BprocError('EINVAL', `no policy is called ${JSON.stringify(name.slice(0, 40))}: there are ${known}`);
}

function numberOf(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new BprocError(
    'EINVAL',
    `NP is ${JSON.stringify(text.slice(0, 40))} in the environment: it must be a whole number`,
  );
}

function isSet(env: NodeJS.ProcessEnv, name: string): boolean {
  return said(env, name) !== undefined;
}

function said(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function within<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `${name}: ${error.message}`, { cause });
  }
}
