/**
 * Many slaves in one process, whose processes are only entries: what a master has to do for them is
 * the same. Arguments: the master's address, the first node's number, how many.
 */
import { answer, library } from './answer.mjs';

/** Starts nothing, and says it runs. */
class NoProcesses {
  engine = 'none';
  #pid = 100_000;

  spawn(_request, sink) {
    this.#pid += 1;
    const pid = this.#pid;
    setImmediate(() => sink.started({ pid, startTime: pid }));
    const nothing = () => {};
    return {
      write: nothing,
      endStdin: nothing,
      pause: nothing,
      resume: nothing,
      closeOutput: nothing,
      discardOutput: nothing,
      release: nothing,
      signal: async () => {
        setImmediate(() => {
          sink.outputEnd(1);
          sink.outputEnd(2);
          sink.exited({ kind: 'signaled', signal: 9, core: false });
        });
        return true;
      },
    };
  }

  async list() {
    return [];
  }

  async signal() {
    return false;
  }

  async sweep() {
    return 0;
  }

  async [Symbol.asyncDispose]() {}
}

const [, , master, first, count] = process.argv;
const slaves = [];
const spawner = new NoProcesses();
for (let node = Number(first); node < Number(first) + Number(count); node += 1) {
  slaves.push(await library.startSlave({ master, node, spawner }));
}

answer({ attached: async () => void (await Promise.all(slaves.map((slave) => slave.attached))) }, () =>
  Promise.all(slaves.map((slave) => slave[Symbol.asyncDispose]())),
);
