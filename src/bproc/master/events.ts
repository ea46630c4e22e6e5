/** What can happen to a master, and what it can do. */
import type { BprocError } from '../../errors.ts';
import type {
  CarriedFile,
  Control,
  ControlInit,
  Init,
  Join,
  Joined,
  Request,
  ResponseChoice,
} from '../../wire/index.ts';
import type { Asker } from '../join/index.ts';
import type { Credentials } from '../permissions.ts';
import type { ServiceCaller } from '../service.ts';
import type { Proof } from './proof.ts';

/** What a client asks of a master's trust. */
export type TrustRequest = Extract<
  Request,
  { readonly body: 'createToken' | 'listApplicants' | 'approve' | 'revoke' | 'listCertificates' | 'login' }
>;

/** Something that happened. Links are known by the number their driver gave them. */
export type MasterEvent =
  | {
      readonly type: 'opened';
      readonly link: number;
      readonly peer: string;
      readonly credentials: Credentials;
      /** @default what is local */
      readonly proof?: Proof;
    }
  | { readonly type: 'control'; readonly link: number; readonly message: Control }
  | { readonly type: 'closed'; readonly link: number; readonly reason: BprocError | undefined }
  /** Answer to a `probe`: whether anything was heard of the link since. */
  | { readonly type: 'probed'; readonly link: number; readonly alive: boolean }
  /** Answer to a `join`. */
  | { readonly type: 'joined'; readonly link: number; readonly answer: Init<Joined> | BprocError }
  /** Answer to an `inspect`. */
  | { readonly type: 'inspected'; readonly link: number; readonly answer: Credentials | BprocError }
  /** Answer to a `trust`. */
  | {
      readonly type: 'trusted';
      readonly client: string;
      readonly id: number;
      readonly answer: ResponseChoice | BprocError;
    }
  /** Answer to a `keepCarried`. */
  | {
      readonly type: 'carriedKept';
      readonly client: string;
      readonly id: number;
      readonly files: readonly CarriedFile[];
      readonly error: BprocError | undefined;
    }
  /** Answer to a `service`. */
  | {
      readonly type: 'serviceAnswered';
      readonly client: string;
      readonly id: number;
      readonly answer: Uint8Array | BprocError;
    }
  | { readonly type: 'timer' }
  | { readonly type: 'shutdown' };

/** Something to do, in order. */
export type MasterEffect =
  | { readonly type: 'establish'; readonly link: number; readonly session: number }
  | { readonly type: 'send'; readonly link: number; readonly message: ControlInit }
  | { readonly type: 'stop'; readonly link: number; readonly stream: number }
  | { readonly type: 'close'; readonly link: number; readonly reason: BprocError | undefined }
  /** Ask the link for a sign of life and say within `withinMs` whether one came. */
  | { readonly type: 'probe'; readonly link: number; readonly withinMs: number }
  /** Find out whether somebody gets a certificate. */
  | { readonly type: 'join'; readonly link: number; readonly message: Join; readonly asker: Asker }
  /** Find out who has made a directory, which is the last that it is good for. */
  | { readonly type: 'inspect'; readonly link: number; readonly directory: string; readonly name: string }
  /** Keep the list of files that images carry, as a client has ordered. */
  | {
      readonly type: 'keepCarried';
      readonly client: string;
      readonly id: number;
      readonly files: readonly CarriedFile[];
    }
  /** A slave has come, and has said what it holds. */
  | { readonly type: 'slaveReady'; readonly node: number; readonly link: number }
  /** A slave that had come is gone, or has connected anew. */
  | { readonly type: 'slaveAway'; readonly node: number }
  /** Have a service answer a client. */
  | {
      readonly type: 'service';
      readonly client: string;
      readonly id: number;
      readonly service: string;
      readonly body: Uint8Array;
      readonly caller: ServiceCaller;
    }
  /** Nobody waits for the answer of a service any more; without an `id` for none that the client has asked for. */
  | { readonly type: 'serviceLeft'; readonly client: string; readonly id: number | undefined }
  /** Carry out what a client, of this user, asks about certificates; it may. */
  | { readonly type: 'trust'; readonly client: string; readonly uid: number; readonly request: TrustRequest };
