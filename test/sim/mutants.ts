/**
 * Rules of the protocol, each taken out by a change of the source. The simulation has to notice every
 * one of them: what it would not miss, it does not check.
 *
 * Left out, because without them nothing goes wrong that a program could see:
 * - resending from zero after a reconnect: the receiver trims what it has;
 * - a signal refused by the master for a process whose end it knows: the slave refuses it too;
 * - that a slave runs a puid once, and none that was cancelled: a second line of defence, against a
 *   master that breaks its own rules; test/bproc/slave-starts.test.ts holds the slave to it alone;
 * - input that a holder has, taken for consumed by the process: the holder outlives every slave that could lose it;
 * - starts that were lost with their holder, output that an earlier slave threw away, outputs of what has still to run
 *   when it is taken up, signals under way when a slave died: one seed of some thousands meets each. Tests of their own
 *   hold to them: test/bproc/unwanted.test.ts and signal-log.test.ts, and seeds 4039 and 4840 of simulation.test.ts;
 * - how a process was being ended when its slave's daemon died, and ends of input that died with it: nothing that is
 *   simulated waits for that; test/sim/killed-daemons.test.ts does;
 * - accounting that is not idempotent, process records that are not durable: there are none yet.
 */
import type { Edit } from '../support/simulation-bundle.ts';

/** A rule that is gone. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Seeds that meet what it breaks, where few do. */
  readonly seeds?: readonly number[];
}

const SLAVE_ATTACH = 'src/bproc/slave/attach.ts';
const SLAVE_STARTS = 'src/bproc/slave/starts.ts';
const MASTER_STARTS = 'src/bproc/master/starts.ts';
const RECONCILE = 'src/bproc/master/reconcile.ts';
const CLIENT_PROCESSES = 'src/bproc/client/processes.ts';
const STREAMS = 'src/wire/streams.ts';
const SLAVE_STREAMS = 'src/bproc/slave/streams.ts';
const HELD = 'src/bproc/slave/held.ts';
const CHANNEL = 'src/wire/channel.ts';

/** A mutant of one edit. */
function mutant(name: string, file: string, find: string, replace: string): Mutant {
  return { name, edits: [{ file, find, replace }] };
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no epoch check at the slave',
    edits: [
      {
        file: SLAVE_ATTACH,
        find: 'if (epoch === null || compareEpochs(epoch, state.promised) < 0) {',
        replace: 'if (epoch === null) {',
      },
      {
        file: SLAVE_ATTACH,
        find: 'if (epoch !== null && compareEpochs(epoch, turn.state.promised) >= 0) return true;',
        replace: 'if (epoch !== null) return true;',
      },
      // a master that is too old says so itself, where it is not one that lies
      {
        file: 'src/bproc/master/greeting.ts',
        find: 'if (message.seen !== null && compareEpochs(message.seen, config.epoch) > 0) {',
        replace: 'if (message.role === Role.CLIENT && compareEpochs(message.seen ?? config.epoch, config.epoch) > 0) {',
      },
    ],
  },
  mutant('a promise that is not durable', SLAVE_ATTACH, "turn.effects.push({ type: 'promise', epoch });", ''),
  mutant(
    'no puid dedupe at the master',
    MASTER_STARTS,
    `  const known = turn.state.processes.get(key);
  if (known !== undefined) {
    if (known.client === client)`,
    `  const known = undefined;
  if (known !== undefined) {
    if (known.client === client)`,
  ),
  mutant(
    'output freed when it is sent',
    STREAMS,
    `    if (piece.fin) this.#finSent = true;
    return piece;`,
    `    if (piece.fin) this.#finSent = true;
    this.#release(this.#next);
    return piece;`,
  ),
  mutant(
    'an end acknowledged before the client has it',
    'src/bproc/master/ends.ts',
    '  const { end, stdoutBytes, stderrBytes } = message;',
    `  command(turn, node, { endAck: { puid: message.puid } });
  const { end, stdoutBytes, stderrBytes } = message;`,
  ),
  {
    name: 'no offset check at the receiver',
    edits: [
      { file: STREAMS, find: 'if (offset > this.#received) {', replace: 'if (offset < 0) {' },
      {
        file: STREAMS,
        find: 'const known = Math.min(this.#received - offset, bytes.length);',
        replace: 'const known = 0;',
      },
    ],
  },
  mutant(
    'what was received twice is not trimmed',
    STREAMS,
    'const known = Math.min(this.#received - offset, bytes.length);',
    'const known = 0;',
  ),
  mutant('a gap is not reported', STREAMS, "      return { kind: 'gap' };", "      return { kind: 'old' };"),
  {
    name: 'starts not bound to a boot',
    edits: [
      {
        file: SLAVE_STARTS,
        find: 'if (idText(target.boot) !== idText(state.life.boot)) {',
        replace: 'if (target.boot.length === 0) {',
      },
      {
        file: MASTER_STARTS,
        find: 'if (!waits && !isBoundTo(node, target)) {',
        replace: 'if (!waits && target.boot.length === 0) {',
      },
    ],
  },
  mutant(
    'cancels not bound to a boot',
    SLAVE_STARTS,
    'if (idText(message.boot) !== idText(state.life.boot)) {',
    'if (message.boot.length === 0) {',
  ),
  mutant(
    'lost as soon as a node is silent',
    'src/bproc/master/slaves.ts',
    '  processesUnknown(turn, node);',
    "  loseProcesses(turn, node, 'its node is silent');",
  ),
  mutant(
    'signals delivered as often as they are asked for',
    'src/bproc/slave/requests.ts',
    'const done = state.done.get(sid);',
    'const done = undefined;',
  ),
  mutant(
    'no session tag check',
    CHANNEL,
    "    if (header.session !== this.#expectedSession) throw new BprocError('EPROTO', 'a frame belongs to another session');\n",
    '',
  ),
  mutant(
    'no frame sequence check',
    CHANNEL,
    `    if (ahead >= 2 ** 31) return false;
    if (ahead > 0) throw new BprocError('EPROTO', \`\${ahead} frames are missing before number \${header.sequence}\`);
`,
    '',
  ),
  mutant(
    'what an inventory lacks is not lost',
    RECONCILE,
    'else lose(turn, process, ',
    'else if (process.key === node.address) lose(turn, process, ',
  ),
  mutant(
    'no REWIND when a node reattaches',
    CLIENT_PROCESSES,
    '  if (message.reattached) restartOutputs(turn, process);',
    '',
  ),
  mutant(
    'input not restarted',
    SLAVE_ATTACH,
    "  else turn.effects.push({ type: 'credit', link: link.link, stream, credit: process.stdin.restart() });",
    '',
  ),
  mutant('an end told before its output', CLIENT_PROCESSES, '  if (missing && !isLost) return;', ''),
  mutant(
    'claims ignored',
    'src/bproc/master/clients.ts',
    '    if (process === undefined) claimOne(turn, client, entry);\n    else if',
    '    if (process === undefined) continue;\n    else if',
  ),
  mutant(
    'what was given up lives on when it reappears',
    'src/bproc/master/reported.ts',
    'if (turn.state.givenUp.has(key)) return killGivenUp(turn, node, report);',
    'if (turn.state.givenUp.has(key)) return undefined;',
  ),
  mutant(
    'credits not enforced',
    STREAMS,
    'const allowed = Math.min(most, this.#limit - this.#next);',
    'const allowed = most;',
  ),
  // rules that the simulation itself brought in
  mutant('acknowledged by whole chunks', STREAMS, 'return this.#end - this.#acked;', 'return this.#end - this.#base;'),
  mutant(
    'acknowledged by quarters of however wide a window',
    STREAMS,
    'Math.min(this.#window / 4, MOST_UNTOLD)',
    'this.#window / 4',
  ),
  mutant(
    'repeated starts judged before the slave has spoken',
    MASTER_STARTS,
    'const waits = message.repeated &&',
    'const waits = false &&',
  ),
  mutant(
    'what a client does not claim lives on',
    'src/bproc/master/clients.ts',
    '  if (message.last) dropUnclaimed(turn, client);',
    '',
  ),
  mutant(
    'what a client does not know lives on',
    CLIENT_PROCESSES,
    `    endUnwanted(turn, message.pid);
    return;
  }
  if (process.phase !== 'starting') {`,
    `    return;
  }
  if (process.phase !== 'starting') {`,
  ),
  mutant(
    'streams of processes that are about to run suspended',
    SLAVE_ATTACH,
    "    if (process.phase === 'starting') continue;\n",
    '',
  ),
  mutant(
    'ends without their output when a node dies',
    'src/bproc/master/ends.ts',
    'if (isKnown && process.client === undefined) return;',
    'if (isKnown) return;',
  ),
  mutant(
    'pids that two nodes can have',
    'src/bproc/pid-blocks.ts',
    '      const first = homeBlock(node, turn);',
    '      const first = turn < 0 ? 0 : undefined;',
  ),
  // what a slave owes to the life before it
  mutant(
    'output that no client has acknowledged at the holder',
    SLAVE_STREAMS,
    '  acknowledge(turn, process, event.fd, before, outlet.stream.acked);\n  pump(',
    '  acknowledge(turn, process, event.fd, before, outlet.stream.end);\n  pump(',
  ),
  {
    name: 'starts that are over forgotten with the daemon',
    edits: [{ file: HELD, find: "for (const puid of puids) bury(turn, idText(puid), 'over');", replace: '' }],
    seeds: [3811, 5416, 7463],
  },
  mutant('outputs taken up from offset 0', HELD, 'SendStream.resumed(from)', 'SendStream.resumed(0)'),
  mutant(
    'what the client has beyond a new life forgotten',
    STREAMS,
    'if (this.#isResumed) this.#ahead =',
    'if (this.#isResumed && credit.limit < 0) this.#ahead =',
  ),
  mutant(
    'started without a tag',
    'src/bproc/slave/process-handles.ts',
    '? { tag: tagOf(process, clock.wallTime(), image && heldImage(image, request)) }',
    '? { tag: new Uint8Array(0) }',
  ),
  mutant(
    'ends that were kept dropped',
    HELD,
    '    const facts = factsOf(held.tag);',
    "    const facts = held.phase === 'exited' ? undefined : factsOf(held.tag);",
  ),
  mutant(
    'starts that were under way dropped',
    HELD,
    '    const facts = factsOf(held.tag);',
    "    if (held.phase === 'starting') continue;\n    const facts = factsOf(held.tag);",
  ),
  mutant(
    'adopted twice',
    HELD,
    "turn.effects.push({ type: 'adopt', key: process.key, held, ",
    "turn.effects.push({ type: 'adopt', key: process.key, held }, { type: 'adopt', key: process.key, held, ",
  ),
  mutant('input taken up from offset 0', HELD, 'received: inputOffset, consumed', 'received: 0, consumed'),
  mutant(
    'input acknowledged before the process has it',
    SLAVE_STARTS,
    "state.config.moves === true ? 'consumed' : 'received'",
    "state.config.moves === true ? 'received' : 'received'",
  ),
  mutant(
    'signals forgotten with the daemon that sent them',
    'src/bproc/slave/durable.ts',
    'nodes?.load(), this.#signals.outcomes)',
    'nodes?.load())',
  ),
  mutant(
    'output that nobody reads in the way of an end',
    CLIENT_PROCESSES,
    `  for (const fd of [1, 2] as const) {
    if (link.phase === 'attached') turn`,
    `  for (const fd of [] as const) {
    if (link.phase === 'attached') turn`,
  ),
  mutant(
    'ends that were taken kept by the holder',
    'src/bproc/slave/ends.ts',
    "  turn.effects.push({ type: 'forget', key: process.key });",
    '',
  ),
];
