/** Arbitrary messages, made from the schema itself: a field that is added to `proto/` is tested at once. */
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (target.startsWith('proto/') ? target : join('proto/bproc/v1', target));
root.loadSync('proto/bproc/v1/control.proto').resolveAll();

/** The schema of a message. */
export function typeOf(name: string): protobuf.Type {
  return root.lookupType(`bproc.v1.${name}`);
}

const uint32 = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const sint32 = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const uint64 = fc.oneof(uint32, fc.maxSafeNat());
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));

function scalar(field: protobuf.Field, depth: number): fc.Arbitrary<unknown> {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) return fc.constantFrom(...Object.values(resolvedType.values));
  if (resolvedType instanceof protobuf.Type) return messageOf(resolvedType, depth + 1);
  switch (field.type) {
    case 'uint32':
    case 'fixed32':
      return uint32;
    case 'sint32':
      return sint32;
    case 'uint64':
      return uint64;
    case 'bool':
      return fc.boolean();
    case 'string':
      return text;
    case 'bytes':
      return bytes;
    default:
      throw new Error(`the schema has a field of type ${field.type}: say how one is made`);
  }
}

function anyOf(field: protobuf.Field, depth: number): fc.Arbitrary<unknown> {
  const one = scalar(field, depth);
  if (field instanceof protobuf.MapField) {
    const keys = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString'));
    return fc.uniqueArray(fc.tuple(keys, one), { maxLength: 4, selector: ([key]) => key }).map((entries) => {
      const map: Record<string, unknown> = {};
      for (const [key, value] of entries) {
        Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
      }
      return map;
    });
  }
  if (field.repeated) return fc.array(one, { maxLength: depth > 2 ? 2 : 4 });
  const canBeAbsent = field.resolvedType instanceof protobuf.Type || isOptional(field);
  return canBeAbsent ? fc.option(one, { nil: null, freq: 3 }) : one;
}

function isOptional(field: protobuf.Field): boolean {
  return field.options?.['proto3_optional'] === true;
}

/** Messages of this type with a value for every field; at most one of a oneof. */
export function messageOf(type: protobuf.Type, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const choices = type.oneofsArray.filter((each) => !each.fieldsArray.every(isOptional));
  const chosen = new Set(choices.flatMap((each) => each.fieldsArray));
  const fixed = fc.record(
    Object.fromEntries(
      type.fieldsArray.filter((field) => !chosen.has(field)).map((field) => [camel(field), anyOf(field, depth)]),
    ),
  );
  return choices.reduce<fc.Arbitrary<Record<string, unknown>>>((rest, choice) => {
    const branches = choice.fieldsArray.map((field) =>
      scalar(field, depth).map((value) => ({ [camel(field)]: value, [choice.name]: camel(field) })),
    );
    const branch = fc.oneof(...branches, fc.constant({ [choice.name]: undefined }));
    return fc.tuple(rest, branch).map(([one, other]) => ({ ...one, ...other }));
  }, fixed);
}

/** What a decoder made, with every field of the schema as a property of its own and nothing else. */
export function plain(type: protobuf.Type, message: object): Record<string, unknown> {
  const source = message as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  const choices = type.oneofsArray.filter((each) => !each.fieldsArray.every(isOptional));
  const unchosen = new Set(
    choices.flatMap((each) => each.fieldsArray.filter((field) => camel(field) !== source[each.name])),
  );
  for (const choice of choices) result[choice.name] = source[choice.name];
  for (const field of type.fieldsArray) {
    if (!unchosen.has(field)) result[camel(field)] = plainValue(field, source[camel(field)]);
  }
  return result;
}

function plainValue(field: protobuf.Field, value: unknown): unknown {
  const { resolvedType } = field;
  if (!(resolvedType instanceof protobuf.Type)) return value;
  const one = (each: unknown): unknown =>
    typeof each === 'object' && each !== null ? plain(resolvedType, each) : each;
  return Array.isArray(value) ? value.map(one) : one(value);
}

/** The name a field has in our types; the reflection has kept that of the file. */
function camel(field: protobuf.Field): string {
  return field.name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
