/** Runs the peers' commands; started where their network is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { answer } from './answer.mjs';
import { countBytes, oneByOne } from './loads.mjs';

async function run(command, env) {
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-2000);
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${said.trim()}`);
}

answer({
  time: ({ command, env, count }) => oneByOne(count, () => run(command, env)),
  stream: async ({ command, env }) => {
    const [file, ...args] = command;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    return countBytes(child.stdout);
  },
});
