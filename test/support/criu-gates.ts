/** A CRIU that waits where a test wants to act: the real one, between a wrapper and a wrapped action script. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../linux/recorder.ts';

/** Steps of a move, in their order. */
export type MoveStep =
  /** It is about to be captured. */
  | 'dump'
  /** It stands still and is captured, which nobody knows yet. */
  | 'captured'
  /** All of it has been transferred; it is about to be made. */
  | 'restore'
  /** It is there and waits, which nobody knows yet. */
  | 'restored'
  /** Its original is to be ended, and is still there. */
  | 'committed'
  /** Its original is gone, which nobody knows yet. */
  | 'dumped'
  /** It was told to run, and does not yet. */
  | 'settled';

const AT = `at() {
  [ -e "$GATES/stop.$1" ] || return 0
  : > "$GATES/at.$1"
  while [ ! -e "$GATES/go.$1" ]; do sleep 0.01; done
}`;

const HOOK = `#!/bin/sh
${AT}
case $CRTOOLS_SCRIPT_ACTION in
post-dump) before=captured after=committed ;;
post-restore) before=restored after=settled ;;
*) exec "$HOOK" ;;
esac
at $before
"$HOOK" || exit
at $after
`;

/** The hook is named last but one. */
const wrapper = (directory: string, criu: string): string => `#!/bin/sh
export GATES='${directory}'
${AT}
case $1 in dump|restore) ;; *) exec '${criu}' "$@" ;; esac
for each; do
  shift
  [ "$last" != --action-script ] || { export HOOK="$each"; each='${directory}/hook'; }
  last=$each
  set -- "$@" "$each"
done
at $1
[ $1 = dump ] || exec '${criu}' "$@"
'${criu}' "$@" || exit
at dumped
`;

/** The gates of one test. */
export class CriuGates {
  readonly #directory: string;
  /** What slaves are to take for CRIU. */
  readonly executable: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.executable = join(directory, 'criu');
  }

  static async create(parent: string): Promise<CriuGates> {
    const directory = join(parent, 'gates');
    const gates = new CriuGates(directory);
    await mkdir(directory);
    await writeFile(join(directory, 'hook'), HOOK, { mode: 0o755 });
    await writeFile(gates.executable, wrapper(directory, process.env['BPROC_CRIU'] ?? 'criu'), { mode: 0o755 });
    return gates;
  }

  /** The next move waits at a step, until it is let {@link pass}. */
  async stopAt(step: MoveStep): Promise<void> {
    await writeFile(join(this.#directory, `stop.${step}`), '');
  }

  /** Resolves when a move is at a step. */
  async reached(step: MoveStep): Promise<void> {
    await until(() => existsSync(join(this.#directory, `at.${step}`)), `a move to be at ${step}`);
  }

  /** Nothing waits at a step any more. */
  async pass(step: MoveStep): Promise<void> {
    await writeFile(join(this.#directory, `go.${step}`), '');
  }
}
