/**
 * Leaves it to a program of any language where a job goes: it reads `{ np, over, idleBelow, uid, nodes }` as JSON from its stdin, and writes
 * `{ "slots": [2, 2, 0] }`, the node of each rank, to its stdout. One that hangs is killed.
 *
 *     const hooks = await loadHooks([externalPlacer({ command: '/etc/site/place.py' })]);
 */
import { execFile } from 'node:child_process';

export function externalPlacer({ command, argv = [], timeoutMs = 4000 }) {
  return {
    name: `external ${command}`,
    map: (question) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          command,
          argv,
          { timeout: timeoutMs, killSignal: 'SIGKILL' },
          (error, stdout, stderr) => {
            if (error)
              return reject(
                new Error(`${command} ends with ${error.code ?? error.signal}: ${stderr.trim() || error.message}`),
              );
            try {
              return resolve(JSON.parse(stdout));
            } catch {
              return reject(new Error(`${command} writes what is no JSON: ${stdout.slice(0, 200)}`));
            }
          },
        );
        // it need not read what it is told
        child.stdin.on('error', () => {});
        child.stdin.end(JSON.stringify(question));
      }),
  };
}
