/** The groups of a user, as this machine's own files say them now: no certificate carries them. */
import { readFile } from 'node:fs/promises';

/** Every group of a user; none for one that this machine does not know. */
export async function groupsOf(uid: number, passwdFile = '/etc/passwd', groupFile = '/etc/group'): Promise<number[]> {
  const [passwd, groups] = await Promise.all([linesOf(passwdFile), linesOf(groupFile)]);
  const entry = passwd.find((fields) => fields[2] === String(uid));
  const [name, , , own] = entry ?? [];
  if (name === undefined || own === undefined) return [];
  const others = groups.flatMap(([, , gid = '', members = '']) => (members.split(',').includes(name) ? gid : []));
  return [...new Set([own, ...others].filter((gid) => /^\d+$/.test(gid)).map(Number))];
}

async function linesOf(path: string): Promise<string[][]> {
  // a machine without the file knows numbers only
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}
