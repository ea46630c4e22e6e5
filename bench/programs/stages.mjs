/** What a file's way to another node is made of, one by one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { answer } from './answer.mjs';

const PIECE = 1024 * 1024;

async function timed(act) {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

function hash({ file }) {
  return timed(async () => {
    const sum = createHash('sha256');
    for await (const piece of createReadStream(file, { highWaterMark: PIECE })) sum.update(piece);
    sum.digest();
  });
}

async function write({ file, bytes }) {
  const piece = Buffer.alloc(PIECE, 1);
  const handle = await open(file, 'w');
  try {
    return await timed(async () => {
      for (let left = bytes; left > 0; left -= PIECE) await handle.write(piece, 0, Math.min(PIECE, left));
    });
  } finally {
    await handle.close();
    await rm(file);
  }
}

/** Counts what comes to a socket; the time is from its first byte to its last. */
let counted;

async function receive({ path }) {
  const server = createServer((socket) => {
    let from;
    socket.on('data', () => {
      from ??= performance.now();
    });
    socket.on('end', () => {
      counted.resolve(performance.now() - from);
      socket.destroy();
      server.close();
    });
  });
  counted = deferred();
  await new Promise((resolve) => server.listen(path, resolve));
}

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve) => {
    parts.resolve = resolve;
  });
  return parts;
}

async function send({ path, bytes }) {
  const socket = connect(path);
  const piece = Buffer.alloc(PIECE, 1);
  for (let left = bytes; left > 0; left -= PIECE) {
    if (!socket.write(left < PIECE ? piece.subarray(0, left) : piece))
      await new Promise((resolve) => socket.once('drain', resolve));
  }
  socket.end();
}

answer({ hash, write, receive, received: () => counted.promise, send });
