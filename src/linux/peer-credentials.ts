/** Who is at the other end of a unix socket, by the kernel's word. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { BprocError } from '../errors.ts';

/** A user of this machine as the kernel knew him when he connected. */
export interface PeerIdentity {
  readonly pid: number;
  readonly uid: number;
  /** His effective group, and the supplementary ones. */
  readonly gids: readonly number[];
}

/** How long the answer may take. */
const ANSWER_MS = 5000;

/**
 * Asks the kernel (SO_PEERCRED, SO_PEERGROUPS), which Node cannot do itself: the holder's program reads it from the
 * descriptor that it is given.
 *
 * @param program the holder's, as `findHolder` finds it.
 * @throws BprocError EPERM where it cannot be known: then nobody is let in.
 */
export async function readPeer(socket: Socket, program: string): Promise<PeerIdentity> {
  const fd = descriptorOf(socket);
  if (fd === undefined) throw unknown('the connection is gone, or this Node shows no descriptor of it');
  const text = await ask(program, fd);
  const [pid, uid, ...gids] = text.trim().split(' ').map(Number);
  if (pid === undefined || uid === undefined || ![pid, uid, ...gids].every(Number.isSafeInteger)) {
    throw unknown(`${program} said ${JSON.stringify(text)}`);
  }
  return { pid, uid, gids: [...new Set(gids)] };
}

function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}

function ask(program: string, fd: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['--peer'], { stdio: [fd, 'pipe', 'pipe'], timeout: ANSWER_MS, env: {} });
    let said = '';
    let complaint = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    child.once('error', (cause) => reject(unknown(`${program}: ${cause.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(said);
      else reject(unknown(complaint.trim() || `${program} ended with ${signal ?? code}`));
    });
  });
}

function unknown(why: string): BprocError {
  return new BprocError('EPERM', `the user at the other end of the connection cannot be known: ${why}`);
}
