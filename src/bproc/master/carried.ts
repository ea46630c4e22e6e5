/** The list of files that images carry (`bproc_liblist`, `libadd`, `libdel`, `libclear`): PROTOCOL.md 10.6. */
import { BprocError } from '../../errors.ts';
import type { CarriedFile, Carry } from '../../wire/index.ts';
import { isAdmin } from '../permissions.ts';
import type { MasterEvent } from './events.ts';
import type { MasterClient, MasterTurn } from './state.ts';
import { inform, reject, respond } from './tell.ts';

const MOST_FILES = 4096;
const MOST_PATH_BYTES = 4095;
/** Of all paths: the list is sent as a whole. */
const MOST_BYTES = 512 * 1024;

/** Changes the list, or says it. Who has asked once is told of changes. */
export function carry(turn: MasterTurn, client: MasterClient, id: number, order: Carry): void {
  const { carried, config } = turn.state;
  client.followsCarried = true;
  if (!order.clear && order.remove.length + order.add.length === 0) {
    return respond(turn, client, id, { carried: { files: [...carried] } });
  }
  if (!isAdmin(client.credentials, config.authority)) {
    const why = `uid ${client.credentials.uid} may not change what every image carries`;
    throw new BprocError('EPERM', `${why}: only the master's own user and root may`);
  }
  turn.effects.push({ type: 'keepCarried', client: client.key, id, files: changed(carried, order) });
}

/** The new list is kept, or could not be. */
export function carriedKept(turn: MasterTurn, event: Extract<MasterEvent, { readonly type: 'carriedKept' }>): void {
  const { state } = turn;
  const client = state.clients.get(event.client);
  if (event.error !== undefined) {
    if (client !== undefined) reject(turn, client, event.id, event.error);
    return;
  }
  state.carried = event.files;
  const message = { carried: { files: [...event.files] } };
  for (const each of state.clients.values()) if (each.followsCarried) inform(turn, each, message);
  if (client !== undefined) respond(turn, client, event.id, message);
}

/** Whether something that was kept is such a file. */
export function isCarriedFile(value: unknown): value is CarriedFile {
  if (typeof value !== 'object' || value === null) return false;
  const [path, program]: unknown[] = [Reflect.get(value, 'path'), Reflect.get(value, 'program')];
  return typeof path === 'string' && typeof program === 'string' && whyNot({ path, program }) === undefined;
}

/** @throws BprocError ENOENT for what is not in it; EINVAL for what can be no file; E2BIG. */
function changed(carried: readonly CarriedFile[], { clear, remove, add }: Carry): readonly CarriedFile[] {
  const files = new Map(clear ? [] : carried.map((file) => [keyOf(file), file]));
  for (const file of remove) {
    if (!files.delete(keyOf(file))) throw new BprocError('ENOENT', `${file.path} is not in the list of carried files`);
  }
  for (const file of add) {
    const why = whyNot(file);
    if (why !== undefined) throw new BprocError('EINVAL', `${JSON.stringify(file.path)} cannot be carried: ${why}`);
    files.set(keyOf(file), { path: file.path, program: file.program });
  }
  const bytes = [...files.values()].reduce((sum, { path, program }) => sum + path.length + program.length, 0);
  if (files.size > MOST_FILES || bytes > MOST_BYTES) {
    const bounds = `at most ${MOST_FILES}, with paths of ${MOST_BYTES} bytes in all`;
    throw new BprocError('E2BIG', `${files.size} carried files with paths of ${bytes} bytes are too many: ${bounds}`);
  }
  return [...files.values()];
}

function keyOf({ path, program }: CarriedFile): string {
  return `${path}\0${program}`;
}

function whyNot({ path, program }: CarriedFile): string | undefined {
  for (const each of [path, ...(program === '' ? [] : [program])]) {
    if (!each.startsWith('/')) return 'files and programs are named by absolute paths';
    if (each.includes('\0') || Buffer.byteLength(each) > MOST_PATH_BYTES) return 'it is no path';
  }
  return undefined;
}
