/** Machines of one network as network namespaces, each with an address of its own and nothing else in common. Needs root. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** One of them. */
export interface NetworkMachine {
  readonly address: string;
  /** The command that runs another one there. */
  readonly enter: readonly string[];
}

/** A bridge, and machines on it. Disposing it takes them away once nothing runs there any more. */
export class Network implements AsyncDisposable {
  readonly #keepers: ChildProcess[] = [];
  readonly #bridge: number;

  private constructor(bridge: number, keeper: ChildProcess) {
    this.#bridge = bridge;
    this.#keepers.push(keeper);
  }

  static async create(): Promise<Network> {
    const keeper = await namespace();
    const network = new Network(pidOf(keeper), keeper);
    network.#ip(network.#bridge, 'link add bridge type bridge');
    network.#ip(network.#bridge, 'link set bridge up');
    return network;
  }

  /** Another machine, the second at 10.77.0.2. */
  async machine(): Promise<NetworkMachine> {
    const keeper = await namespace();
    const number = this.#keepers.push(keeper) - 1;
    const pid = pidOf(keeper);
    const address = `10.77.0.${number}`;
    this.#ip(this.#bridge, `link add port${number} type veth peer name eth0 netns ${pid}`);
    this.#ip(this.#bridge, `link set port${number} master bridge up`);
    this.#ip(pid, `address add ${address}/24 dev eth0`);
    for (const device of ['eth0', 'lo']) this.#ip(pid, `link set ${device} up`);
    return { address, enter: ['nsenter', '--net', '--target', String(pid)] };
  }

  #ip(pid: number, command: string): void {
    execFileSync('nsenter', ['--net', '--target', String(pid), 'ip', ...command.split(' ')]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const keeper of this.#keepers) {
      keeper.kill('SIGKILL');
      if (keeper.exitCode === null && keeper.signalCode === null) await once(keeper, 'exit');
    }
  }
}

/** What keeps a new namespace. */
async function namespace(): Promise<ChildProcess> {
  const keeper = spawn('unshare', ['--net', 'sh', '-c', 'echo made; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (keeper.stdout !== null) await once(keeper.stdout, 'data');
  return keeper;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('unshare could not be run');
  return pid;
}
