/** What a node's ranks of one job say in PMI-1, and what they are answered: lines in, lines out. The connections are others' business. */
import { BprocError } from '../../errors.ts';
import { appOf, processMapping } from '../job.ts';
import { ALL_RANKS, type JobHome } from '../node-home.ts';
import { KeyValueSpace, MAXES } from './kvs.ts';
import { type Fields, formatLine, LineReader, parseLine } from './line.ts';
import { SpawnReader } from './spawn-lines.ts';

/** What a job is to its server, but for what only other protocols use. */
export type Pmi1Home = Pick<JobHome, 'job' | 'node' | 'fence' | 'publish' | 'lookup' | 'unpublish' | 'abort' | 'spawn'>;

/** Longest `PMI_process_mapping` that fits into a client's line; without it clients compare the names of hosts. */
const MOST_MAPPING = 900;
const OK = { rc: 0, msg: 'success' } as const;

/** All ranks of a job on one node. */
export class Pmi1Node {
  readonly home: Pmi1Home;
  readonly space = new KeyValueSpace();
  readonly kvsname: string;
  readonly #waiting = new Set<Pmi1Rank>();
  readonly #size: number;

  constructor(home: Pmi1Home) {
    this.home = home;
    const { job, node } = home;
    this.kvsname = `kvs_${job.id}`;
    this.#size = job.nodes.find((each) => each.node === node)?.ranks.length ?? 0;
    const mapping = processMapping(job);
    if (mapping.length <= MOST_MAPPING) this.space.put('PMI_process_mapping', mapping);
    for (const [key, value] of job.presets) this.space.put(key, value);
    // every node has these
    this.space.take();
  }

  /** A rank has come to a barrier: once all of the node have, one message goes to the master. */
  enter(rank: Pmi1Rank): void {
    this.#waiting.add(rank);
    if (this.#waiting.size === this.#size) void this.#fence();
  }

  async #fence(): Promise<void> {
    const ranks = [...this.#waiting];
    this.#waiting.clear();
    const { home, space } = this;
    try {
      const shares = await home.fence('barrier', [{ job: home.job.id, rank: ALL_RANKS }], space.take());
      for (const share of shares) space.merge(share);
      for (const rank of ranks) rank.say({ cmd: 'barrier_out' });
    } catch (error) {
      const [first] = ranks;
      home.abort(first?.rank ?? 0, 1, BprocError.from(error).message);
    }
  }
}

/** One rank's side of the talk. */
export class Pmi1Rank {
  readonly rank: number;
  readonly #node: Pmi1Node;
  readonly #write: (text: string) => void;
  readonly #reader = new LineReader();
  readonly #spawn = new SpawnReader();
  #phase: 'new' | 'initialized' | 'finalized' = 'new';

  /** @param write sends text, a byte for each of its characters. */
  constructor(node: Pmi1Node, rank: number, write: (text: string) => void) {
    this.#node = node;
    this.rank = rank;
    this.#write = write;
  }

  /** How far it is: a rank that has said `init` and no `finalize` cannot end well. */
  get phase(): 'new' | 'initialized' | 'finalized' {
    return this.#phase;
  }

  /** It says something. @throws BprocError for what is no PMI-1. */
  hear(bytes: Buffer | string): void {
    for (const line of this.#reader.push(bytes)) this.#take(line);
  }

  /** Says a line. */
  say(fields: Readonly<Record<string, string | number>>): void {
    this.#write(formatLine(fields));
  }

  #take(line: string): void {
    if (this.#spawn.isReading) {
      const spawn = this.#spawn.take(line);
      if (spawn !== undefined) void this.#startPrograms(spawn);
      return;
    }
    const fields = parseLine(line);
    if (fields.get('mcmd') === 'spawn') this.#spawn.begin();
    else this.#command(fields.get('cmd') ?? '', fields);
  }

  #command(command: string, fields: Fields): void {
    const { home, kvsname } = this.#node;
    const { job } = home;
    switch (command) {
      case 'init':
        this.#phase = 'initialized';
        return this.say({ cmd: 'response_to_init', pmi_version: 1, pmi_subversion: 1, ...versionOf(fields) });
      case 'get_maxes':
        return this.say({ cmd: 'maxes', kvsname_max: MAXES.kvsname, keylen_max: MAXES.key, vallen_max: MAXES.value });
      case 'get_appnum':
        return this.say({ cmd: 'appnum', appnum: appOf(job, this.rank) });
      case 'get_my_kvsname':
        return this.say({ cmd: 'my_kvsname', kvsname });
      case 'get_universe_size':
        return this.say({ cmd: 'universe_size', size: job.universe });
      case 'put':
        return this.#put(fields);
      case 'get':
        return this.#get(fields.get('key') ?? '');
      case 'barrier_in':
        return this.#node.enter(this);
      case 'publish_name':
      case 'lookup_name':
      case 'unpublish_name':
        return void this.#name(command, fields);
      case 'abort':
        return home.abort(this.rank, Number(fields.get('exitcode') ?? 1) & 0xff, 'it has called MPI_Abort');
      case 'finalize':
        this.#phase = 'finalized';
        return this.say({ cmd: 'finalize_ack', rc: 0 });
      default:
        throw new BprocError('EPROTO', `${JSON.stringify(command.slice(0, 40))} is no command of PMI-1`);
    }
  }

  #put(fields: Fields): void {
    const key = fields.get('key') ?? '';
    try {
      // who is on its own puts an empty key, and means nothing by it
      if (key !== '') this.#node.space.put(key, fields.get('value') ?? '');
      this.say({ cmd: 'put_result', ...OK });
    } catch (error) {
      this.say({ cmd: 'put_result', rc: -1, msg: BprocError.from(error).message });
    }
  }

  #get(key: string): void {
    const value = this.#node.space.get(key);
    if (value === undefined) this.say({ cmd: 'get_result', rc: -1, msg: `key_${key}_not_found`, value: 'unknown' });
    else this.say({ cmd: 'get_result', ...OK, value });
  }

  async #name(command: 'publish_name' | 'lookup_name' | 'unpublish_name', fields: Fields): Promise<void> {
    const { home } = this.#node;
    const name = `pmi1 ${fields.get('service') ?? ''}`;
    const cmd = command.replace('_name', '_result');
    try {
      if (command === 'publish_name') {
        const value = Buffer.from(fields.get('port') ?? '', 'latin1');
        const isFree = await home.publish({ scope: 'user', name, value });
        this.say(isFree ? { cmd, info: 'ok', ...OK } : { cmd, info: 'ok', rc: 1, msg: 'key_already_present' });
      } else if (command === 'lookup_name') {
        const port = await home.lookup('user', name);
        if (port === undefined) this.say({ cmd, rc: 1, msg: 'service_not_found' });
        else this.say({ cmd, port: Buffer.from(port).toString('latin1'), info: 'ok', ...OK });
      } else {
        const was = await home.unpublish('user', name);
        this.say(was ? { cmd, info: 'ok', ...OK } : { cmd, info: 'ok', rc: 1, msg: 'service_not_found' });
      }
    } catch (error) {
      this.say({ cmd, rc: 1, msg: BprocError.from(error).code });
    }
  }

  async #startPrograms({ apps, presets }: NonNullable<ReturnType<SpawnReader['take']>>): Promise<void> {
    try {
      await this.#node.home.spawn({ rank: this.rank, apps, presets });
      const count = apps.reduce((sum, { np }) => sum + np, 0);
      this.say({ cmd: 'spawn_result', rc: 0, errcodes: Array.from({ length: count }, () => 0).join(',') });
    } catch {
      this.say({ cmd: 'spawn_result', rc: -1 });
    }
  }
}

/** Version 1.1 is spoken here. */
function versionOf(fields: Fields): { readonly rc: number } {
  return { rc: fields.get('pmi_version') === '1' ? 0 : -1 };
}
