/** A run of CRIU beside the processes of a node: started by what holds them, and so where they are. */
import type { BprocError } from '../../../errors.ts';
import type { ExitStatus, Spawner, SpawnRequest } from '../../../linux/index.ts';

/** Bytes of what it says that are kept. */
const MOST_SAID = 4096;

/** How it ended, and the last that it said. */
export interface AgentEnd {
  readonly status: ExitStatus;
  readonly said: string;
}

/** Runs a program to its end. Rejects where it cannot be started. */
export function runAgent(spawner: Spawner, request: SpawnRequest): Promise<AgentEnd> {
  return new Promise((resolve, reject) => {
    let said = '';
    let status: ExitStatus | undefined;
    let open = 2;
    const check = (): void => {
      if (status === undefined || open > 0) return;
      agent.forget();
      resolve({ status, said });
    };
    const fail = (error: BprocError): void => reject(error);
    const agent = spawner.spawn(request, {
      started: () => {},
      failed: fail,
      lost: fail,
      output: (fd, bytes) => {
        said = (said + bytes.toString()).slice(-MOST_SAID);
        agent.acknowledge(fd, Number.MAX_SAFE_INTEGER);
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
  });
}
