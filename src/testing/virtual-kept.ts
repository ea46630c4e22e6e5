/** A process as a virtual holder keeps it: with its streams, its end, and what its slave gave it to remember. */
import type { BprocError } from '../errors.ts';
import type { ExitStatus, HeldProcess, ProcessIdentity, ResourceUsage, SpawnRequest } from '../linux/index.ts';
import { HolderOutput, type OutputHearer } from './virtual-holder-output.ts';
import { pipesOf } from './virtual-machine.ts';
import type { ProcessListener, VirtualProcess } from './virtual-process.ts';

const DEFAULT_WINDOW_BYTES = 1024 * 1024;

/** Processes of a virtual machine use nothing. */
const NO_USAGE: ResourceUsage = {
  userMs: 0,
  systemMs: 0,
  maxRssBytes: 0,
  minorFaults: 0,
  majorFaults: 0,
  blocksIn: 0,
  blocksOut: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
};

/** What a slave hears of a process it has started or adopted. */
export interface KeptListener extends OutputHearer {
  started(identity: ProcessIdentity): void;
  failed(error: BprocError): void;
  /** The process has so much of its input in all. */
  inputTaken(offset: number): void;
  inputClosed(): void;
  stopped(signal: number): void;
  continued(): void;
  exited(status: ExitStatus, usage: ResourceUsage): void;
}

/** How a kept process reaches whoever is connected to its holder. */
export type Tell = (say: (listener: KeptListener) => void) => void;

/** The process. */
export class KeptProcess {
  readonly id: number;
  readonly request: SpawnRequest;
  /** Undefined until it runs. */
  process: VirtualProcess | undefined;
  /** Nothing of it is told any more. */
  isReleased = false;
  readonly listener: ProcessListener;
  readonly outputs: readonly [HolderOutput | undefined, HolderOutput | undefined];
  readonly #tell: Tell;
  /** Input that came before it ran. */
  #early: Uint8Array[] = [];
  #inputOffset = 0;
  #inputTaken = 0;
  #isInputEnded = false;
  #isInputClosed = false;
  #stopped: number | undefined;
  #status: ExitStatus | undefined;
  #note: Uint8Array = new Uint8Array(0);

  constructor(id: number, request: SpawnRequest, tell: Tell) {
    this.id = id;
    this.request = request;
    this.#tell = (say) => {
      if (!this.isReleased) tell(say);
    };
    const { windowBytes = DEFAULT_WINDOW_BYTES } = request;
    const pipes = pipesOf(request);
    const hearer: OutputHearer = {
      output: (fd, bytes) => this.#tell((to) => to.output(fd, bytes)),
      outputEnd: (fd) => this.#tell((to) => to.outputEnd(fd)),
    };
    const output = (fd: 1 | 2) => (pipes[fd] ? new HolderOutput(fd, windowBytes, hearer) : undefined);
    this.outputs = [output(1), output(2)];
    this.listener = {
      inputTaken: (bytes) => {
        this.#inputTaken += bytes;
        const taken = this.#inputTaken;
        this.#tell((to) => to.inputTaken(taken));
      },
      inputClosed: () => {
        this.#isInputClosed = true;
        this.#tell((to) => to.inputClosed());
      },
      stopped: (signal) => {
        this.#stopped = signal;
        this.#tell((to) => to.stopped(signal));
      },
      continued: () => {
        this.#stopped = undefined;
        this.#tell((to) => to.continued());
      },
      exited: (status) => {
        this.#status = status;
        this.#tell((to) => to.exited(status, NO_USAGE));
      },
    };
  }

  /** Whether it has ended and was reaped. */
  get hasExited(): boolean {
    return this.#status !== undefined;
  }

  /** It is there, and does not run yet. */
  begin(process: VirtualProcess): void {
    this.process = process;
    for (const index of [0, 1] as const) this.outputs[index]?.open(process.outputs[index]);
    this.#giveInput();
    this.#tell((to) => to.started(process.identity));
  }

  /** It could not be started. */
  fail(error: BprocError): void {
    this.#tell((to) => to.failed(error));
  }

  /** Input from an offset on, which has to be the next one: else it is of another life of the slave. */
  input(offset: number, bytes: Uint8Array, isLast: boolean): void {
    if (offset !== this.#inputOffset || this.#isInputEnded) return;
    this.#inputOffset += bytes.byteLength;
    this.#isInputEnded = isLast;
    if (bytes.byteLength > 0) this.#early.push(bytes);
    this.#giveInput();
  }

  #giveInput(): void {
    const stdin = this.process?.stdin;
    if (stdin === undefined) return;
    for (const bytes of this.#early.splice(0)) stdin.write(bytes);
    if (this.#isInputEnded) stdin.end();
  }

  /** What the next slave is to know of it. */
  keep(note: Uint8Array): void {
    this.#note = note;
  }

  /** It is nobody's from here on, and runs on. */
  release(): void {
    this.isReleased = true;
    this.input(this.#inputOffset, new Uint8Array(0), true);
    for (const output of this.outputs) output?.discard();
  }

  /** How it stands, for a slave that connects. */
  describe(): HeldProcess {
    const [stdout, stderr] = this.outputs;
    const running = this.hasExited ? 'exited' : 'running';
    const begun = this.isReleased ? 'released' : running;
    const { tag = new Uint8Array(0), marker } = this.request;
    return {
      id: this.id,
      tag,
      note: this.#note,
      marker,
      phase: this.process === undefined ? 'starting' : begun,
      identity: this.process?.identity,
      inputOffset: this.#inputOffset,
      inputTaken: this.#inputTaken,
      isInputOver: !pipesOf(this.request)[0] || this.#isInputEnded || this.#isInputClosed,
      acknowledged: [stdout?.acknowledged ?? 0, stderr?.acknowledged ?? 0],
      stopped: this.#stopped,
      exit: this.#status === undefined ? undefined : { status: this.#status, usage: NO_USAGE },
    };
  }

  /** Tells outputs and an end again to a slave that has connected. */
  rewind(): void {
    for (const output of this.outputs) output?.rewind();
    const status = this.#status;
    if (status !== undefined) this.#tell((to) => to.exited(status, NO_USAGE));
  }
}
