/** The options of DHCP that a boot server reads or writes (RFC 2132, 3046, 4578; iPXE's own), and how their values are written. */

/** Their numbers. */
export const OPTION = {
  pad: 0,
  mask: 1,
  router: 3,
  dns: 6,
  hostname: 12,
  domain: 15,
  broadcast: 28,
  ntp: 42,
  vendor: 43,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverId: 54,
  message: 56,
  maxBytes: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientId: 61,
  tftpServer: 66,
  bootFile: 67,
  userClass: 77,
  relayAgent: 82,
  architecture: 93,
  uuid: 97,
  ipxe: 175,
  end: 255,
} as const;

/** What a message is: values of option 53. */
export const MESSAGE = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** Values by the number of their option. Long ones are whole here; on the wire they come in pieces (RFC 3396). */
export type Options = ReadonlyMap<number, Uint8Array>;

const encoder = new TextEncoder();

export function textBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Firmware that takes a name for its length alone is served by the zero, and so is that which looks for one. */
export function terminated(text: string): Uint8Array {
  return encoder.encode(`${text}\0`);
}

/** Text up to the first zero; what is no ASCII shows as `?`, for it ends up in logs. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  }
  return text;
}

export function uint32Bytes(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Options inside an option, as 43, 82 and 175 hold them; what is cut off at the end is not there. */
export function subOptions(bytes: Uint8Array): Options {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at + 1 < bytes.length; ) {
    const code = bytes[at] ?? 0;
    const end = at + 2 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) break;
    found.set(code, bytes.subarray(at + 2, end));
    at = end;
  }
  return found;
}
