/** What values and infos say, for those who ask for one kind of answer. */
import { BprocError } from '../../errors.ts';
import type { Member } from '../node-home.ts';
import { TYPE } from './numbers.ts';
import type { Value } from './packer.ts';
import { type Info, Unpacker } from './unpacker.ts';

/** @returns undefined for a value that is no text. */
export function textOf({ type, content }: Value): string | undefined {
  return type === TYPE.STRING ? new Unpacker(content).string() : undefined;
}

/** @returns undefined for a value that is no number. */
export function numberOf({ type, content }: Value): number | undefined {
  const from = new Unpacker(content);
  switch (type) {
    case TYPE.INT:
    case TYPE.UINT:
      return from.int();
    case TYPE.INT8:
    case TYPE.UINT8:
    case TYPE.DATA_RANGE:
    case TYPE.PERSIST:
      return from.u8();
    case TYPE.INT16:
    case TYPE.UINT16:
      return from.u16();
    case TYPE.INT32:
    case TYPE.STATUS:
      return from.i32();
    case TYPE.UINT32:
      return from.u32();
    default:
      return undefined;
  }
}

/** @returns undefined for a value that is no process. */
export function procOf({ type, content }: Value): Member | undefined {
  return type === TYPE.PROC ? new Unpacker(content).proc() : undefined;
}

/** @returns the processes of an array of them; undefined for any other value. */
export function procsOf({ type, content }: Value): readonly Member[] | undefined {
  if (type !== TYPE.DATA_ARRAY) return undefined;
  const from = new Unpacker(content);
  if (from.u16() !== TYPE.PROC) return undefined;
  return Array.from({ length: from.size() }, () => from.proc());
}

/** The first value of a key. */
export function find(infos: readonly Info[], key: string): Value | undefined {
  return infos.find((info) => info.key === key)?.value;
}

/** Whether a key is there and not said to be false: a value that is missing is true. */
export function isSet(infos: readonly Info[], key: string): boolean {
  const found = find(infos, key);
  if (found === undefined) return false;
  return found.type === TYPE.UNDEF || (found.type === TYPE.BOOL && found.content[0] !== 0);
}

/** Milliseconds that a request may take; undefined: as long as it needs. */
export function timeoutMsOf(infos: readonly Info[]): number | undefined {
  const found = find(infos, 'pmix.timeout');
  const seconds = found === undefined ? 0 : (numberOf(found) ?? 0);
  if (seconds < 0) throw new BprocError('EINVAL', `a timeout of ${seconds} seconds`);
  return seconds === 0 ? undefined : seconds * 1000;
}
