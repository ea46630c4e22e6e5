import { describe, expect, test } from 'vitest';
import {
  BprocError,
  type Client,
  connect,
  type Master,
  type MasterHome,
  type MasterService,
  type SlaveHome,
  type SlaveService,
  startMaster,
  startSlave,
} from '../../src/index.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (body: Uint8Array): string => Buffer.from(body).toString();

/** A service that says what it hears, and lets its homes be used. */
class Parrot {
  readonly name = 'parrot';
  readonly heard: string[] = [];
  readonly slaves: SlaveHome[] = [];
  master: MasterHome | undefined;
  disposed = 0;
  /** What a request of this text waits for. */
  held: Promise<void> = Promise.resolve();
  aborted: unknown;

  hold(): () => void {
    let goOn = (): void => {};
    this.held = new Promise((resolve) => {
      goOn = resolve;
    });
    return goOn;
  }

  readonly onMaster: MasterService = {
    name: this.name,
    serve: (home) => {
      this.master = home;
      return {
        attached: (node) => this.heard.push(`here ${node}`),
        detached: (node) => this.heard.push(`gone ${node}`),
        message: (node, body) => this.heard.push(`${node} says ${text(body)}`),
        asked: async (node, body) => bytes(`master to ${node}: ${text(body)}`),
        request: async (body, { uid, isAdministrator }, signal) => {
          this.heard.push(`asked ${text(body)}`);
          if (text(body) === 'fail') throw new BprocError('ENOENT', 'there is nothing');
          if (text(body) === 'wait') {
            await this.held;
            this.aborted = signal.reason;
          }
          return bytes(`${uid} ${isAdministrator} ${text(body)}`);
        },
        [Symbol.asyncDispose]: async () => {
          this.disposed += 1;
        },
      };
    },
  };

  readonly onSlave: SlaveService = {
    name: this.name,
    serve: (home) => {
      this.slaves.push(home);
      return {
        attached: () => this.heard.push(`slave ${home.node} attached`),
        detached: () => this.heard.push(`slave ${home.node} detached`),
        message: (body) => this.heard.push(`slave ${home.node} hears ${text(body)}`),
        asked: async (body) => bytes(`slave ${home.node}: ${text(body)}`),
        request: async (body, { uid, gids, isAdministrator }) =>
          bytes(`node ${home.node} ${uid} ${gids.join()} ${isAdministrator} ${text(body)}`),
        [Symbol.asyncDispose]: async () => {
          this.disposed += 1;
        },
      };
    },
  };
}

interface Set extends AsyncDisposable {
  readonly parrot: Parrot;
  readonly master: Master;
  readonly client: Client;
}

async function setUp(credentials = { uid: 4711, gids: [12, 13] }): Promise<Set> {
  const parrot = new Parrot();
  const master = await startMaster({ services: [parrot.onMaster] });
  const slave = await startSlave({
    master: () => master.connect(),
    node: 3,
    services: [parrot.onSlave],
    spawner: 'child_process',
  });
  const client = await connect({ master: () => master.connect({ credentials }) });
  await expect.poll(() => parrot.heard).toContain('here 3');
  const dispose = async (): Promise<void> => {
    for (const part of [client, slave, master]) await part[Symbol.asyncDispose]();
  };
  return { parrot, master, client, [Symbol.asyncDispose]: dispose };
}

describe('a client asks', () => {
  test('the master’s part, which knows who it is', async () => {
    await using set = await setUp();
    expect(text(await set.client.askService('parrot', bytes('polly')))).toBe('4711 false polly');
  });

  test('a node’s part, through the master, which says who it is', async () => {
    await using set = await setUp({ uid: 0, gids: [0, 7] });
    const answer = await set.client.askService('parrot', bytes('polly'), { node: 3 });
    expect(text(answer)).toBe('node 3 0 0,7 true polly');
  });

  test('and gets what they throw, and what there is not, as errors', async () => {
    await using set = await setUp();
    const { client } = set;
    await expect(client.askService('parrot', bytes('fail'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(client.askService('lark', bytes(''))).rejects.toMatchObject({ code: 'ENOSYS' });
    await expect(client.askService('lark', bytes(''), { node: 3 })).rejects.toMatchObject({ code: 'ENOSYS' });
    await expect(client.askService('parrot', bytes(''), { node: 9 })).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
    const tooMuch = new Uint8Array(1024 * 1024 + 1);
    await expect(client.askService('parrot', tooMuch)).rejects.toMatchObject({ code: 'E2BIG' });
  });

  test('what takes its time, and leaves: it hears of that', async () => {
    await using set = await setUp();
    const goOn = set.parrot.hold();
    const leave = new AbortController();
    const answer = set.client.askService('parrot', bytes('wait'), { signal: leave.signal });
    await expect.poll(() => set.parrot.heard).toContain('asked wait');
    leave.abort();
    await expect(answer).rejects.toMatchObject({ code: 'ECANCELED' });
    // a question later, so that the master has heard of it
    await set.client.askService('parrot', bytes('later'));
    goOn();
    await expect.poll(() => set.parrot.aborted).toMatchObject({ code: 'ECANCELED' });
  });
});

describe('a connection that breaks while a client waits', () => {
  async function breakWhileWaiting(order: boolean): Promise<readonly string[]> {
    const parrot = new Parrot();
    const goOn = parrot.hold();
    await using master = await startMaster({ services: [parrot.onMaster] });
    const connections: { destroy(): void }[] = [];
    const source = () => {
      const duplex = master.connect();
      connections.push(duplex);
      return duplex;
    };
    await using client = await connect({ master: source });
    const answer = client.askService('parrot', bytes('wait'), { order });
    await expect.poll(() => parrot.heard).toContain('asked wait');
    connections[0]?.destroy();
    await expect.poll(() => connections.length).toBe(2);
    await client.nodeList();
    goOn();
    expect(text(await answer)).toMatch(/wait$/);
    return parrot.heard.filter((line) => line === 'asked wait');
  }

  test('has a question asked again', async () => {
    expect(await breakWhileWaiting(false)).toHaveLength(2);
  });

  test('has an order taken once', async () => {
    expect(await breakWhileWaiting(true)).toHaveLength(1);
  });
});

describe('the two parts', () => {
  test('tell and ask each other', async () => {
    await using set = await setUp();
    const { parrot } = set;
    const [slave] = parrot.slaves;
    expect(text((await slave?.ask(bytes('why'))) ?? bytes(''))).toBe('master to 3: why');
    expect(text((await parrot.master?.ask(3, bytes('how'))) ?? bytes(''))).toBe('slave 3: how');
    expect(slave?.send(bytes('up'))).toBe(true);
    expect(parrot.master?.send(3, bytes('down'))).toBe(true);
    await expect.poll(() => parrot.heard).toEqual(expect.arrayContaining(['3 says up', 'slave 3 hears down']));
    expect(parrot.master?.attached()).toEqual([3]);
    expect(parrot.master?.nodeInfo(3)).toMatchObject({ node: 3, state: 'up' });
    expect(parrot.master?.mayPlace({ uid: 77, gids: [] }, 3)).toBe(true);
  });

  test('cannot reach what is not there', async () => {
    await using set = await setUp();
    expect(set.parrot.master?.send(9, bytes(''))).toBe(false);
    await expect(set.parrot.master?.ask(9, bytes(''))).rejects.toMatchObject({ code: 'BE_INVALIDNODE' });
  });

  test('hear when the other one goes, and questions that were open fail', async () => {
    const set = await setUp();
    const [slave] = set.parrot.slaves;
    await set.master[Symbol.asyncDispose]();
    await expect.poll(() => set.parrot.heard).toContain('slave 3 detached');
    expect(slave?.send(bytes('up'))).toBe(false);
    await expect(slave?.ask(bytes('why'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    await set[Symbol.asyncDispose]();
    expect(set.parrot.disposed).toBe(2);
  });

  test('have names that can be, one each', async () => {
    const service = (name: string) => ({ name, serve: () => ({}) });
    await expect(startMaster({ services: [service('Über')] })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(startMaster({ services: [service('one'), service('one')] })).rejects.toMatchObject({ code: 'EINVAL' });
  });
});
