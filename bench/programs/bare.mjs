/** What Node does by itself, with nothing in between: the baseline of starts and of streams. */
import { fork, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer } from './answer.mjs';
import { countBytes, inFlight, oneByOne } from './loads.mjs';

/** Three pipes, from the call to the exit. */
function once() {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/true', [], { stdio: 'pipe' });
    child.once('exit', resolve);
    child.once('error', reject);
  });
}

/** Another Node process starts the command and pipes its output here. */
async function relay({ command }) {
  const path = join(tmpdir(), `bproc-bench-${process.pid}`);
  const server = createServer();
  try {
    const socket = new Promise((resolve) => server.once('connection', resolve));
    await new Promise((resolve) => server.listen(path, resolve));
    const other = fork(fileURLToPath(new URL('relay.mjs', import.meta.url)), [path, ...command]);
    const counted = await countBytes(await socket);
    await new Promise((resolve) => other.once('exit', resolve));
    return counted;
  } finally {
    server.close();
    await rm(path, { force: true });
  }
}

answer({
  relay,
  latency: ({ count }) => oneByOne(count, once),
  rate: ({ count, width }) => inFlight(count, width, once),
  stream: ({ command }) => {
    const [file, ...args] = command;
    return countBytes(spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout);
  },
});
