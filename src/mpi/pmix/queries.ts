/** What processes ask about jobs in general: the little that a server of one job knows. */
import type { JobHome } from '../node-home.ts';
import { KEY, TYPE } from './numbers.ts';
import { Packer, type Value, value } from './packer.ts';
import { find, textOf } from './reading.ts';
import type { Info, Unpacker } from './unpacker.ts';

/** A question: keys, and what they are asked about. */
export interface Query {
  readonly keys: readonly string[];
  readonly qualifiers: readonly Info[];
}

/** What the server knows of the processes of its node, for tables of them. */
export interface LocalRank {
  readonly rank: number;
  readonly pid: number;
}

/** PMIX_PROC_STATE_RUNNING. */
const RUNNING = 3;

/** @throws BprocError EPROTO. */
export function readQuery(from: Unpacker): Query {
  const keys: string[] = [];
  for (let left = from.i32(); left > 0; left--) keys.push(from.key());
  const qualifiers = Array.from({ length: from.size() }, () => from.info());
  return { keys, qualifiers };
}

/** The answers that there are, in the order of the questions. */
export function answersTo(queries: readonly Query[], home: JobHome, ranks: readonly LocalRank[]): readonly Info[] {
  return queries.flatMap(({ keys, qualifiers }) => {
    const namespace = find(qualifiers, KEY.NSPACE);
    // of other jobs it knows nothing
    if (namespace !== undefined && textOf(namespace) !== home.job.id) return [];
    return keys.flatMap((key) => {
      const found = ANSWERS[key]?.(home, ranks);
      return found === undefined ? [] : [{ key, value: found }];
    });
  });
}

const ANSWERS: Readonly<Record<string, (home: JobHome, ranks: readonly LocalRank[]) => Value>> = {
  'pmix.qry.keys': () => value.string(Object.keys(ANSWERS).join(',')),
  'pmix.qry.ns': ({ job }) => value.string(job.id),
  'pmix.qry.spawn': () => value.string(`${KEY.HOST},${KEY.ADD_HOST},${KEY.WDIR}`),
  'pmix.job.size': ({ job }) => value.uint32(job.size),
  'pmix.univ.size': ({ job }) => value.uint32(job.universe),
  'pmix.num.nodes': ({ job }) => value.uint32(job.nodes.length),
  'pmix.job.napps': ({ job }) => value.uint32(job.apps.length),
  'pmix.qry.lptable': (home, ranks) => processTable(home, ranks),
};

function processTable({ job, node }: JobHome, ranks: readonly LocalRank[]): Value {
  const host = job.nodes.find(({ node: number }) => number === node)?.host;
  const rows = ranks.map(({ rank, pid }) =>
    new Packer()
      .proc({ job: job.id, rank })
      .string(host)
      .string(undefined)
      .u16(TYPE.UINT32)
      .u32(pid)
      .u8(RUNNING)
      .done(),
  );
  return value.array(TYPE.PROC_INFO, rows);
}
