/** What happens in a cluster, line by line: `bpmaster -v`. */
import type { Change, Client } from '../index.ts';
import { describeEnd } from '../index.ts';

/** One line for people about a change. */
export function describeChange(change: Change): string {
  if (change.kind === 'gap') return `changes are missing here: ${change.reason}`;
  if (change.kind === 'node') {
    const { node, state, flags, reason, who } = change.info;
    const about = [who === '' ? '' : `by ${who}`, reason].filter((part) => part !== '').join(': ');
    return `node ${node} ${change.change}: ${[state, ...flags].join(',')}${about === '' ? '' : ` (${about})`}`;
  }
  const { pid, node, command, state, end } = change.info;
  return `process ${pid} on node ${node} (${command}): ${end === undefined ? state : describeEnd(end)}`;
}

/** Tells every change to `log` until the client is disposed of. */
export async function logChanges(client: Client, processes: boolean, log: (line: string) => void): Promise<void> {
  const changes = client.notifier({ processes });
  const follow = async (): Promise<void> => {
    try {
      for await (const change of changes) log(describeChange(change));
    } catch {
      // the client was disposed of: there is nothing more to tell
    }
  };
  void follow();
}
