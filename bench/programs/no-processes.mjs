/** A spawner whose processes are only entries: what a master has to do for them is the same. */
export class NoProcesses {
  engine = 'none';
  #pid = 100_000;
  #areShort;

  /** @param {{ readonly areShort?: boolean }} [options] `areShort`: they end by themselves, in the turn after their start */
  constructor({ areShort = false } = {}) {
    this.#areShort = areShort;
  }

  spawn(_request, sink) {
    this.#pid += 1;
    const pid = this.#pid;
    const end = (status) => {
      sink.outputEnd(1);
      sink.outputEnd(2);
      sink.exited(status);
    };
    setImmediate(() => {
      sink.started({ pid, startTime: pid });
      if (this.#areShort) setImmediate(() => end({ kind: 'exited', code: 0 }));
    });
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
        setImmediate(() => end({ kind: 'signaled', signal: 9, core: false }));
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
