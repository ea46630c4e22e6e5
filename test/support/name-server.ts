/** A name server of one zone, which says what it is told to: for look-ups that are to go over the network and no further. */
import { createSocket, type Socket } from 'node:dgram';

/** What there is at a name: an address, or another name of an address. `fail` and `silence` are what the server does. */
export type Zone = Readonly<Record<string, readonly string[] | 'fail' | 'silence'>>;

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 12: 'PTR', 28: 'AAAA' };
const HEADER_BYTES = 12;
const TTL_S = 30;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

/** A server on this machine. Disposing of it closes it. */
export class NameServer implements AsyncDisposable {
  /** `TYPE NAME` of everything it was asked. */
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    socket.on('message', (query, { port, address }) => {
      const answer = this.#answer(query, zone);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new NameServer(socket, zone);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  #answer(query: Buffer, zone: Zone): Buffer | undefined {
    const labels: string[] = [];
    let at = HEADER_BYTES;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const type = TYPES[query.readUInt16BE(at + 1)] ?? '';
    this.asked.push(`${type} ${name}`);
    const known = zone[name];
    if (known === 'silence') return undefined;
    const records = Array.isArray(known) ? known.flatMap((value: string) => recordOf(type, value)) : [];
    const code = known === 'fail' ? SERVER_FAILURE : known === undefined ? NO_SUCH_NAME : 0;
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8580 | code, 2);
    header.writeUInt16BE(records.length, 6);
    header.fill(0, 8);
    return Buffer.concat([header, query.subarray(HEADER_BYTES, at + 5), ...records]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

function recordOf(type: string, value: string): Buffer[] {
  const number = Number(Object.entries(TYPES).find(([, each]) => each === type)?.[0] ?? 0);
  const data = dataOf(type, value);
  if (data === undefined) return [];
  const head = Buffer.alloc(12);
  // the name that was asked for
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(number, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(TTL_S, 6);
  head.writeUInt16BE(data.length, 10);
  return [Buffer.concat([head, data])];
}

function dataOf(type: string, value: string): Buffer | undefined {
  const isIpv4 = /^[\d.]+$/.test(value);
  if (type === 'A' && isIpv4) return Buffer.from(value.split('.').map(Number));
  if (type === 'AAAA' && value.includes(':')) {
    const [head = '', tail = ''] = value.split('::');
    const words = (part: string) => part.split(':').flatMap((word) => (word === '' ? [] : [Number.parseInt(word, 16)]));
    const zeros = Array<number>(8 - words(head).length - words(tail).length).fill(0);
    return Buffer.from([...words(head), ...zeros, ...words(tail)].flatMap((word) => [word >> 8, word & 255]));
  }
  if (type !== 'PTR' || isIpv4) return undefined;
  const labels = value.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
