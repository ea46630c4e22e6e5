/** How a decision of the policy is said in options: what each firmware looks for, as captures of them show. */
import type { BootDecision, BootTarget, Machine } from '../machine.ts';
import { bytesOf } from './ipv4.ts';
import { OPTION, terminated, textBytes } from './options.ts';

/** What an answer says of booting: fields of the packet and options. */
export interface BootWords {
  readonly siaddr?: string;
  readonly file?: string;
  readonly options: ReadonlyMap<number, Uint8Array>;
}

const NOTHING: BootWords = { options: new Map() };

/** The field `file` ends with a zero. */
const LONGEST_FILE = 127;

/** iPXE waits three seconds for a proxy unless it is told that there is none (its option 176). */
const NO_PROXY = Uint8Array.of(176, 1, 1);

/** What a machine hears that gets its address here too. */
export function bootWords(machine: Machine, { boot }: BootDecision, server: string): BootWords {
  const words = targetWords(machine, boot, server);
  if (machine.firmware !== 'ipxe') return words;
  return { ...words, options: new Map([...words.options, [OPTION.ipxe, NO_PROXY]]) };
}

/**
 * What a machine hears that has its address from another server: at first only that there is something, for most
 * firmware then asks at port 4011 (`isSecond`) for what it is. Undefined: nothing for such a machine.
 */
export function proxyWords(
  machine: Machine,
  { boot }: BootDecision,
  { server, isSecond }: { readonly server: string; readonly isSecond: boolean },
): BootWords | undefined {
  const words = targetWords(machine, boot, server);
  if (words === NOTHING || words.siaddr === undefined) return undefined;
  if (machine.firmware === 'http') return words;
  const options = new Map(words.options).set(OPTION.vendorClass, textBytes('PXEClient'));
  if (isSecond || machine.firmware === 'ipxe') return { ...words, options };
  options.delete(OPTION.bootFile);
  if (machine.architecture === 'bios') options.set(OPTION.vendor, menuOf(server));
  return { siaddr: server, options };
}

function targetWords({ firmware }: Machine, boot: BootTarget | undefined, server: string): BootWords {
  if (boot === undefined || boot.kind === 'local' || firmware === 'os') return NOTHING;
  if (boot.kind === 'file') {
    // it knows no other way to get its file than TFTP; only HTTP boot does not know that one
    if (firmware === 'http') return NOTHING;
    const from = boot.server ?? server;
    return named(from, boot.name, new Map([[OPTION.tftpServer, textBytes(from)]]));
  }
  if (firmware === 'pxe') return NOTHING;
  if (firmware === 'ipxe') return named(server, boot.url, new Map());
  const options = [
    [OPTION.vendorClass, textBytes('HTTPClient')] as const,
    [OPTION.bootFile, terminated(boot.url)] as const,
  ];
  return { siaddr: server, options: new Map(options) };
}

function named(siaddr: string, name: string, options: Map<number, Uint8Array>): BootWords {
  options.set(OPTION.bootFile, terminated(name));
  // old firmware knows the field alone
  return Buffer.byteLength(name) <= LONGEST_FILE ? { siaddr, file: name, options } : { siaddr, options };
}

/** A menu of PXE with one entry that is taken at once: BIOS then asks this server for it, and no other (RFC 4578's 43). */
function menuOf(server: string): Uint8Array {
  const text = [...textBytes('bproc')];
  const entry = [0x80, 0x00];
  const control = [6, 1, 3];
  const servers = [8, 7, ...entry, 1, ...bytesOf(server)];
  const menu = [9, text.length + 3, ...entry, text.length, ...text];
  const prompt = [10, 1 + text.length, 0, ...text];
  return Uint8Array.from([...control, ...prompt, ...servers, ...menu, 0xff]);
}
