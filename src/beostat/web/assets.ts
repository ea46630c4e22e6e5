/** The page's files, which are as they are written: nothing is built from them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['svg', 'image/svg+xml'],
]);

const NAMES: ReadonlySet<string> = new Set([
  'index.html',
  'style.css',
  'icon.svg',
  'page.js',
  'nodes.js',
  'spark.js',
  'processes.js',
  'text.js',
]);

/** A file, and what a browser is told that it is. */
export interface Asset {
  readonly type: string;
  readonly text: string;
}

const loaded = new Map<string, Promise<Asset>>();

/** A file of the page by its name; undefined: it has none of that name. */
export function assetOf(name: string): Promise<Asset> | undefined {
  if (!NAMES.has(name)) return undefined;
  const asset = loaded.get(name) ?? load(name);
  loaded.set(name, asset);
  return asset;
}

async function load(name: string): Promise<Asset> {
  // by the package's own name: this file ends up at different depths of what is built
  const root = dirname(createRequire(import.meta.url).resolve('bproc/package.json'));
  const type = TYPES.get(name.slice(name.lastIndexOf('.') + 1)) ?? 'application/octet-stream';
  return { type, text: await readFile(join(root, 'web', name), 'utf8') };
}
