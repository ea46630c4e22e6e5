/** A spawner whose processes are only entries: what a master has to do for them is the same. */
export class NoProcesses {
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
      acknowledge: nothing,
      forget: nothing,
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

  held() {
    return [];
  }

  async leave() {}

  async [Symbol.asyncDispose]() {}
}
