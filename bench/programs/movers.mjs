/** What a client does with processes that move and are copied, which tell how long they have stood still. */
import { createInterface } from 'node:readline';

/** @param {import('../../src/index.ts').Client} client */
export function movers(client) {
  const running = new Map();

  /** Starts one, and waits until it says that it is ready. */
  async function hold({ node, command: [file, ...args], isSilent = false }) {
    const started = await client.rexec(node, file, args);
    const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
    running.set(started.pid, { started, lines });
    if (!isSilent) await lines.next();
    return started.pid;
  }

  /** Milliseconds for which it stood still at most since this was last asked. */
  async function stood({ pid }) {
    const { started, lines } = running.get(pid);
    started.stdin.write('\n');
    const { value, done } = await lines.next();
    if (done) throw new Error(`process ${pid} is over`);
    return Number(value);
  }

  async function move({ pid, node, mode }) {
    const from = performance.now();
    await client.move(pid, node, mode === undefined ? {} : { mode });
    return performance.now() - from;
  }

  /** Copies it to nodes, until all copies run; they are ended then. */
  async function copy({ pid, nodes }) {
    const from = performance.now();
    const { process: copies } = await client.vrfork(pid, nodes);
    const ms = performance.now() - from;
    if (copies.errors.length > 0) throw copies.errors[0];
    await Promise.all(copies.processes.map((each) => each.kill('SIGKILL')));
    await copies.wait();
    return ms;
  }

  async function release({ pid }) {
    const { started } = running.get(pid);
    running.delete(pid);
    await started.kill('SIGKILL');
    await started.wait();
  }

  return { hold, stood, move, copy, release };
}
