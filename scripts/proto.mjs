// Makes src/wire/gen from proto/: the static codec (protobufjs) and exact types of what it decodes.
// `--check` writes nothing and fails where the committed files differ from what would be made.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import protobuf from 'protobufjs';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = [
  'session',
  'process',
  'join',
  'image',
  'tree',
  'cache',
  'request',
  'control',
  'beostat',
  'beomap',
  'queue',
  'nss',
  'mpi',
].map((name) => `proto/bproc/v1/${name}.proto`);
/** What services say, each decoded by its own part. */
const services = [
  'MapAnswer',
  'MapQuestion',
  'MpiAnswer',
  'MpiCall',
  'MpiCommand',
  'MpiNotice',
  'MpiQuestion',
  'MpiRanks',
  'MpiReply',
  'NssAnswer',
  'NssQuestion',
  'QueueAnswer',
  'QueueQuestion',
  'StatAnswer',
  'StatOrder',
  'StatDetailList',
  'StatDetails',
  'StatQuestion',
  'StatReport',
];
const HEADER = '// Made by `npm run proto` from proto/bproc/v1. Do not edit.\n';

/** The static codec, without what the library does not use. */
async function codec() {
  const scratch = await mkdtemp(join(tmpdir(), 'bproc-proto-'));
  try {
    const out = join(scratch, 'codec.js');
    const pbjs = createRequire(import.meta.url).resolve('protobufjs-cli/bin/pbjs');
    const flags =
      '-t static-module -w es6 --es6 --force-number --no-verify --no-convert --no-delimited --no-create --no-typeurl'.split(
        ' ',
      );
    flags.push('--no-beautify', '--no-service', '--no-comments', '-p', 'proto/bproc/v1', '-o', out);
    await run(process.execPath, [pbjs, ...flags, ...sources], { cwd: root });
    const text = (await readFile(out, 'utf8'))
      // the codec is this module's own: nothing is put where other users of protobufjs look
      .replace(/\$protobuf\.roots\["default"\] \|\| \(\$protobuf\.roots\["default"\] = \{\}\)/, '{}');
    if (text.includes('$protobuf.roots')) throw new Error('the generated codec still registers itself globally');
    // 64-bit defaults as numbers, like what the codec's reader returns, whether or not long.js is loaded.
    return HEADER + text.replaceAll(/\$util\.Long \? \$util\.Long\.fromBits\(0,0,(?:true|false)\) : 0/g, '0');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const scalars = { bytes: 'Uint8Array', string: 'string', bool: 'boolean' };

function fieldType(field) {
  if (field.resolvedType instanceof protobuf.Enum) return `${typeName(field.resolvedType)}`;
  if (field.resolvedType) return typeName(field.resolvedType);
  return scalars[field.type] ?? 'number';
}

/** Nested types carry their parent's name: Inventory.Entry is InventoryEntry. */
function typeName(type) {
  return type.parent instanceof protobuf.Type ? `${typeName(type.parent)}${type.name}` : type.name;
}

function member(field) {
  const base = fieldType(field);
  if (field.map) return `readonly ${field.name}: Readonly<Record<string, ${base}>>;`;
  if (field.repeated) return `readonly ${field.name}: readonly ${base}[];`;
  const isMessage = field.resolvedType instanceof protobuf.Type;
  const mayMiss = isMessage || (field.partOf !== null && field.options?.proto3_optional === true);
  return `readonly ${field.name}: ${base}${mayMiss ? ' | null' : ''};`;
}

function enumText(type) {
  const prefix = `${type.name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
  const values = Object.entries(type.values).map(([name, value]) => `  ${name.replace(prefix, '')}: ${value},`);
  const name = typeName(type);
  return `export const ${name} = {\n${values.join('\n')}\n} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];\n`;
}

function messageText(type) {
  const name = typeName(type);
  const choice = type.oneofs?.body;
  const plain = type.fieldsArray.filter((field) => !choice?.fieldsArray.includes(field));
  const body = plain.map((field) => `  ${member(field)}`).join('\n');
  if (choice === undefined) return `export interface ${name} {\n${body}\n}\n`;
  const cases = choice.fieldsArray.map(
    (field) => `  | { readonly body: '${field.name}'; readonly ${field.name}: ${fieldType(field)} }`,
  );
  const inits = choice.fieldsArray.map((field) => `  readonly ${field.name}?: Init<${fieldType(field)}> | undefined;`);
  return [
    `interface ${name}Head {\n${body}\n}\n`,
    `export type ${name}Body =\n  | { readonly body: undefined }\n${cases.join('\n')};\n`,
    `export type ${name} = ${name}Head & ${name}Body;\n`,
    `/** At most one of these. */\nexport interface ${name}Choice {\n${inits.join('\n')}\n}\n\nexport type ${name}Init = Init<${name}Head> & ${name}Choice;\n`,
  ].join('\n');
}

function* typesOf(namespace) {
  for (const type of namespace.nestedArray) {
    if (type instanceof protobuf.Type || type instanceof protobuf.Enum) yield type;
    if (type instanceof protobuf.Namespace) yield* typesOf(type);
  }
}

/** Exact types: what decoding returns has every field, and what encoding takes may leave any out. */
async function types() {
  const loaded = new protobuf.Root();
  loaded.resolvePath = (_origin, target) =>
    target.startsWith('proto/') ? join(root, target) : join(root, 'proto/bproc/v1', target);
  await loaded.load(sources);
  loaded.resolveAll();
  const parts = [...typesOf(loaded)].sort((a, b) => (typeName(a) < typeName(b) ? -1 : 1));
  const init = `/** A message to be encoded: any field may be left out. */
export type Init<T> = T extends Uint8Array | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer U)[]
    ? readonly Init<U>[]
    : string extends keyof T
      ? T
      : { readonly [K in keyof T]?: Init<T[K]> | undefined };
`;
  return [
    HEADER,
    init,
    ...parts.map((type) => (type instanceof protobuf.Enum ? enumText(type) : messageText(type))),
  ].join('\n');
}

/** The codec's own types say no more than that it takes and returns something: ./codec.ts makes them exact. */
function codecTypes(names) {
  const lines = names.map((name) => `      ${name}: Codec;`);
  return `${HEADER}import type { Writer } from 'protobufjs/minimal.js';

interface Codec {
  encode(message: object): Writer;
  decode(reader: object): unknown;
}

export declare const bproc: {
  readonly v1: {
${lines.join('\n')}
  };
};
`;
}

const files = {
  'src/wire/gen/codec.js': await codec(),
  'src/wire/gen/codec.d.ts': codecTypes(['Control', 'Failure', 'Manifest', 'Spec', ...services]),
  'src/wire/gen/messages.ts': await types(),
};
let stale = false;
await mkdir(join(root, 'src/wire/gen'), { recursive: true });
for (const [path, text] of Object.entries(files)) {
  const now = await readFile(join(root, path), 'utf8').catch(() => '');
  if (now === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what proto/ says: run npm run proto`);
    stale = true;
  } else {
    await writeFile(join(root, path), text);
  }
}
if (stale) process.exitCode = 1;
