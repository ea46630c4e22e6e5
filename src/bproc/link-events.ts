/** What happens on a connection to a master, and what can be done with it: the same for slaves and clients. */
import type { BprocError } from '../errors.ts';
import type { Control, ControlInit, Credit } from '../wire/index.ts';

/** Something that happened on a link. Links are known by the number their driver gave them. */
export type LinkEvent =
  | { readonly type: 'control'; readonly link: number; readonly message: Control }
  | {
      readonly type: 'data';
      readonly link: number;
      readonly stream: number;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly fin: boolean;
    }
  | { readonly type: 'credit'; readonly link: number; readonly stream: number; readonly credit: Credit }
  | { readonly type: 'stop'; readonly link: number; readonly stream: number }
  | { readonly type: 'congested'; readonly link: number }
  | { readonly type: 'drained'; readonly link: number }
  | { readonly type: 'closed'; readonly link: number; readonly reason: BprocError | undefined };

/** Something to do with a link. */
export type LinkEffect =
  | { readonly type: 'send'; readonly link: number; readonly message: ControlInit }
  | {
      readonly type: 'data';
      readonly link: number;
      readonly stream: number;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly fin: boolean;
    }
  | { readonly type: 'credit'; readonly link: number; readonly stream: number; readonly credit: Credit }
  | { readonly type: 'stop'; readonly link: number; readonly stream: number }
  | { readonly type: 'close'; readonly link: number; readonly reason: BprocError | undefined };
