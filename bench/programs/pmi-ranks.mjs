/** Ranks that say what MPICH's say when they begin and end, all of them in this program. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { answer } from './answer.mjs';

/** As long as the address of a rank is. */
const VALUE = 'A'.repeat(440);

/** What one rank says: 13 requests. */
function requestsOf(rank, size) {
  return [
    'cmd=init pmi_version=1 pmi_subversion=1',
    'cmd=get_maxes',
    'cmd=get_appnum',
    'cmd=get_my_kvsname',
    'cmd=get kvsname=k key=PMI_process_mapping',
    'cmd=barrier_in',
    `cmd=put kvsname=k key=-allgather-shm-1-${rank} value=${VALUE}`,
    'cmd=barrier_in',
    `cmd=get kvsname=k key=-allgather-shm-1-${rank}`,
    `cmd=get kvsname=k key=-allgather-shm-1-${(rank + 1) % size}`,
    'cmd=barrier_in',
    'cmd=barrier_in',
    'cmd=finalize',
  ].map((line) => `${line}\n`);
}

async function enter({ socket: name, first }) {
  const socket = connect({ path: `\0${name}` });
  await once(socket, 'connect');
  socket.write(Buffer.from(first, 'hex'));
  return socket;
}

/** Says each line once the one before is answered. */
function talk(socket, lines) {
  return new Promise((resolve, reject) => {
    let at = 0;
    let rest = '';
    const next = () => {
      if (at === lines.length) {
        socket.off('data', read);
        resolve();
      } else socket.write(lines[at++]);
    };
    const read = (bytes) => {
      rest += bytes.toString('latin1');
      while (rest.includes('\n')) {
        if (rest.includes('rc=-1')) reject(new Error(rest));
        rest = rest.slice(rest.indexOf('\n') + 1);
        next();
      }
    };
    socket.on('data', read).on('error', reject);
    next();
  });
}

let sockets = [];

/** All ranks come in, as far as their first barrier. */
async function come({ places }) {
  sockets = await Promise.all(places.map(enter));
  const lines = places.map(({ rank }) => requestsOf(rank, places.length).slice(0, 5));
  await Promise.all(sockets.map((socket, at) => talk(socket, lines[at])));
}

/** Milliseconds for one fence: each rank puts its address, and all wait for all. */
async function fence({ places }) {
  const lines = places.map(({ rank }) => requestsOf(rank, places.length).slice(6, 8));
  const from = performance.now();
  await Promise.all(sockets.map((socket, at) => talk(socket, lines[at])));
  return performance.now() - from;
}

/** Milliseconds for all that the ranks say. */
async function exchange({ places }) {
  sockets = await Promise.all(places.map(enter));
  const lines = places.map(({ rank }) => requestsOf(rank, places.length));
  const from = performance.now();
  await Promise.all(sockets.map((socket, at) => talk(socket, lines[at])));
  return { ms: performance.now() - from, requests: lines.flat().length };
}

function leave() {
  for (const socket of sockets) socket.destroy();
  sockets = [];
}

answer({ come, fence, exchange, leave });
