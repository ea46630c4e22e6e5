/** The codecs of what services say: PROTOCOL.md section 13. A master and a slave pass it on as bytes. */
import { decodeMessage } from './codec.ts';
import { bproc } from './gen/codec.js';
import type {
  Init,
  MapAnswer,
  MapQuestion,
  MpiAnswer,
  MpiCall,
  MpiCommand,
  MpiNotice,
  MpiQuestion,
  MpiRanks,
  MpiReply,
  NssAnswer,
  NssQuestion,
  QueueAnswer,
  QueueQuestion,
  StatAnswer,
  StatDetailList,
  StatDetails,
  StatOrder,
  StatQuestion,
  StatReport,
} from './gen/messages.ts';

/** One message's two ways. */
export interface MessageCodec<T> {
  encode(message: Init<T>): Uint8Array;
  /** @throws BprocError EPROTO for what is no such message. */
  decode(bytes: Uint8Array): T;
}

interface Generated {
  encode(message: object): { finish(): Uint8Array };
  decode(reader: object): unknown;
}

function codecOf<T>(what: string, type: Generated): MessageCodec<T> {
  return {
    encode: (message) => type.encode(message as object).finish(),
    decode: (bytes) => decodeMessage<T>(what, type, bytes),
  };
}

/** Of the service `beostat`. */
export const STAT_MESSAGES = {
  report: codecOf<StatReport>('report of samples', bproc.v1.StatReport),
  order: codecOf<StatOrder>('order about samples', bproc.v1.StatOrder),
  question: codecOf<StatQuestion>('question about samples', bproc.v1.StatQuestion),
  answer: codecOf<StatAnswer>('answer of samples', bproc.v1.StatAnswer),
  details: codecOf<StatDetails>('question about a node', bproc.v1.StatDetails),
  detailList: codecOf<StatDetailList>('details of a node', bproc.v1.StatDetailList),
} as const;

/** Of the service `nss`. */
export const NSS_MESSAGES = {
  question: codecOf<NssQuestion>('question about a name', bproc.v1.NssQuestion),
  answer: codecOf<NssAnswer>('answer about a name', bproc.v1.NssAnswer),
} as const;

/** Of the service `beomap`. */
export const MAP_MESSAGES = {
  question: codecOf<MapQuestion>('question about reservations', bproc.v1.MapQuestion),
  answer: codecOf<MapAnswer>('answer about reservations', bproc.v1.MapAnswer),
} as const;

/** Of the service `mpi`. */
export const MPI_MESSAGES = {
  question: codecOf<MpiQuestion>('question about a job', bproc.v1.MpiQuestion),
  answer: codecOf<MpiAnswer>('answer about a job', bproc.v1.MpiAnswer),
  notice: codecOf<MpiNotice>('notice of a job', bproc.v1.MpiNotice),
  command: codecOf<MpiCommand>('command about a job', bproc.v1.MpiCommand),
  call: codecOf<MpiCall>('call of a job', bproc.v1.MpiCall),
  reply: codecOf<MpiReply>('reply to a job', bproc.v1.MpiReply),
  ranks: codecOf<MpiRanks>('ranks of a job', bproc.v1.MpiRanks),
} as const;

/** Of the service `queue`. */
export const QUEUE_MESSAGES = {
  question: codecOf<QueueQuestion>('question about the queue', bproc.v1.QueueQuestion),
  answer: codecOf<QueueAnswer>('answer about the queue', bproc.v1.QueueAnswer),
} as const;
