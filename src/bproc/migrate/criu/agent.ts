/** A run of CRIU beside the processes of a node: started by what holds them, and so where they are. */
import type { BprocError } from '../../../errors.ts';
import type {
  ExitStatus,
  HeldProcess,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
} from '../../../linux/index.ts';

/** Bytes of what it says that are kept. */
const MOST_SAID = 4096;

/** How it ended, and the last that it said. */
export interface AgentEnd {
  readonly status: ExitStatus;
  readonly said: string;
}

/** A program that runs, or ran. */
export interface Agent {
  /** Rejects where it cannot be started. */
  readonly ended: Promise<AgentEnd>;
  /** What is to be kept with how it ended. */
  note(bytes: Uint8Array): void;
  /** How it ended need not be kept any longer: a later life of this program will not ask for it. */
  forget(): void;
}

/** Runs a program to its end. Rejects where it cannot be started. */
export async function runAgent(spawner: Spawner, request: SpawnRequest): Promise<AgentEnd> {
  const agent = startAgent(spawner, request);
  const end = await agent.ended;
  agent.forget();
  return end;
}

/** Starts a program, which its engine keeps until it is forgotten. */
export function startAgent(spawner: Spawner, request: SpawnRequest): Agent {
  return watch((sink) => spawner.spawn(request, sink));
}

/** Takes up a program that an earlier life of this one has started. */
export function adoptAgent(spawner: Spawner, held: HeldProcess): Agent {
  return watch((sink) => spawner.adopt(held, sink));
}

function watch(begin: (sink: SpawnSink) => SpawnedProcess): Agent {
  let forget = (): void => {};
  let note = (_: Uint8Array): void => {};
  const ended = new Promise<AgentEnd>((resolve, reject) => {
    let said = '';
    let status: ExitStatus | undefined;
    let open = 2;
    const check = (): void => {
      if (status !== undefined && open === 0) resolve({ status, said });
    };
    const fail = (error: BprocError): void => reject(error);
    const program = begin({
      started: () => {},
      failed: fail,
      lost: fail,
      output: (fd, bytes) => {
        said = (said + bytes.toString()).slice(-MOST_SAID);
        program.acknowledge(fd, Number.MAX_SAFE_INTEGER);
      },
      outputEnd: () => {
        open -= 1;
        check();
      },
      stdinWritten: () => {},
      stdinClosed: () => {},
      stopped: () => {},
      continued: () => {},
      exited: (how) => {
        status = how;
        check();
      },
    });
    forget = () => program.forget();
    note = (bytes) => program.note(bytes);
  });
  return { ended, note: (bytes) => note(bytes), forget: () => forget() };
}
