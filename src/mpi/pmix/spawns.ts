/** What a process wants started, as PMIx says it. */
import type { SpawnedApp, SpawnWish } from '../node-home.ts';
import { PARENT_RANK } from './job-info.ts';
import { KEY } from './numbers.ts';
import { find, textOf } from './reading.ts';
import type { Info, Unpacker } from './unpacker.ts';

/** @throws BprocError EPROTO. */
export function readSpawn(from: Unpacker, rank: number): SpawnWish {
  const infos = from.infos();
  const apps = from.list((each) => readApp(each, infos));
  return { rank, apps, presets: new Map([[PARENT_RANK, String(rank)]]) };
}

function readApp(from: Unpacker, jobInfos: readonly Info[]): SpawnedApp {
  const command = from.string();
  const argv = strings(from, from.int());
  const env = strings(from, from.i32());
  const cwd = from.string();
  const np = from.int();
  const infos = Array.from({ length: from.size() }, () => from.info());
  const all = [...infos, ...jobInfos];
  const hosts = textIn(all, KEY.HOST) ?? textIn(all, KEY.ADD_HOST);
  const directory = textIn(all, KEY.WDIR) ?? cwd;
  return {
    // the first argument is what the program is to see as its name, the command what is to be found
    argv: [command ?? argv[0] ?? '', ...argv.slice(1)],
    np,
    env,
    ...(directory === undefined ? {} : { cwd: directory }),
    ...(hosts === undefined ? {} : { hosts: hosts.split(',').filter((host) => host !== '') }),
  };
}

function strings(from: Unpacker, length: number): readonly string[] {
  const texts: string[] = [];
  for (let index = 0; index < length; index++) texts.push(from.string() ?? '');
  return texts;
}

function textIn(infos: readonly Info[], key: string): string | undefined {
  const found = find(infos, key);
  return found === undefined ? undefined : textOf(found);
}
