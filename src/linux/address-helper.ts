/** Moving an address of this machine, which takes system calls that Node has not: by the holder's program. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BprocError } from '../errors.ts';

/** An address, and the interface that has it or is to have it. */
export interface InterfaceAddress {
  /** As `192.168.1.7`. */
  readonly address: string;
  readonly device: string;
}

/** How long the kernel may take for anything, in milliseconds. */
const ANSWER_MS = 10_000;

/**
 * An address whose packets are held up. Disposing of it puts things back as they were, unless they are beyond that, and
 * resolves when nothing is held up any more. It does so itself where this program dies.
 */
export class AddressHelper implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<string>;
  #lines: string[] = [];
  #rest = '';
  #wake: () => void = () => {};
  #isOver = false;

  private constructor(program: string, way: 'leave' | 'take', { address, device }: InterfaceAddress, pid: number) {
    const argv = ['--address', way, device, address, String(pid)];
    // apart from this program, so that what ends that whole group leaves it to finish
    this.#child = spawn(program, argv, { env: {}, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    // it may be gone: that is seen by its end
    this.#child.stdin.on('error', () => {});
    let complaint = '';
    this.#child.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      const lines = (this.#rest + bytes.toString()).split('\n');
      this.#rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#wake();
    });
    this.#ended = new Promise((resolve) => {
      const over = (why: string): void => {
        this.#isOver = true;
        this.#wake();
        resolve(why);
      };
      this.#child.once('error', (error) => over(error.message));
      this.#child.once('close', () => over(complaint.trim()));
    });
  }

  /**
   * Holds up packets of an address that a process takes with it.
   *
   * @param pid as this program's own `/proc` has it.
   * @throws BprocError EPERM, ENOSYS where that cannot be done, and why.
   */
  static leave(program: string, address: InterfaceAddress, pid: number): Promise<AddressHelper> {
    return AddressHelper.#start(new AddressHelper(program, 'leave', address, pid), address);
  }

  /** Holds up packets of an address that is to be here. @throws BprocError as {@link leave}. */
  static take(program: string, address: InterfaceAddress): Promise<AddressHelper> {
    return AddressHelper.#start(new AddressHelper(program, 'take', address, 0), address);
  }

  static async #start(helper: AddressHelper, { address }: InterfaceAddress): Promise<AddressHelper> {
    try {
      await helper.#hear('ready');
      return helper;
    } catch (error) {
      await helper[Symbol.asyncDispose]();
      const { message } = BprocError.from(error);
      throw new BprocError('ENOSYS', `address ${address} cannot be moved: ${message}`, { cause: error });
    }
  }

  /** Says that the process is about to be ended, whose address goes with it. */
  ending(): void {
    this.#child.stdin.write('c');
  }

  /** Resolves when the process has ended and the address is gone. Never rejects. */
  async gone(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  /** Gives this machine the address; nobody hears of it yet. @throws BprocError where it cannot have it. */
  async add(): Promise<void> {
    this.#child.stdin.write('d');
    await this.#hear('added');
  }

  /** Lets packets through, and everybody hear where the address is. Never rejects: it is too late for that. */
  async announce(): Promise<void> {
    this.#child.stdin.write('g');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#child.stdin.end('a');
    await this.#ended;
  }

  async #hear(wanted: string): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), ANSWER_MS);
    try {
      while (this.#lines.length === 0 && !this.#isOver) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.#lines.shift() === wanted) return;
    throw new BprocError('EIO', (await this.#ended) || 'the program that does it has ended');
  }
}
