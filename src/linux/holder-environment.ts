/** The environments of the processes that a holder is told to start; what many of them share is encoded once. */
import { BprocError } from '../errors.ts';
import type { FrameWriter } from './holder-frames.ts';
import { MARKER_VARIABLE, type SpawnRequest } from './spawn-request.ts';

/** The field of START that holds one variable. */
const FIELD_ENV = 3;
const NOTHING: Readonly<Record<string, string>> = {};

/** Says environments, and remembers the latest common one as it is in a frame. */
export class HolderEnvironment {
  #common = NOTHING;
  /** Which of its variables were left out, since the process has others of the same names. */
  #without = '';
  #fields: Uint8Array = Buffer.alloc(0);

  /**
   * Says all variables of a request in the START that was begun.
   *
   * @throws BprocError EINVAL for a NUL byte.
   */
  say(writer: FrameWriter, { file, marker, env, commonEnv = NOTHING }: SpawnRequest): void {
    const variable = (name: string, value: string): void => {
      if (name === MARKER_VARIABLE) return;
      const text = `${name}=${value}`;
      if (text.includes('\0')) {
        throw new BprocError(
          'EINVAL',
          `program ${JSON.stringify(file)} cannot be started: variable ${JSON.stringify(name)} holds a NUL byte`,
        );
      }
      writer.textField(FIELD_ENV, text);
    };
    const names = Object.keys(env);
    const without = names.filter((name) => Object.hasOwn(commonEnv, name)).join('=');
    if (commonEnv === this.#common && without === this.#without) {
      writer.bytes(this.#fields);
    } else {
      const from = writer.frameBytes;
      for (const name in commonEnv) if (!Object.hasOwn(env, name)) variable(name, commonEnv[name] ?? '');
      this.#fields = writer.copyFrom(from);
      this.#common = commonEnv;
      this.#without = without;
    }
    for (const name of names) variable(name, env[name] ?? '');
    writer.textField(FIELD_ENV, `${MARKER_VARIABLE}=${marker}`);
  }
}
