/** A HELLO that is too long is refused for ever, so that whoever sets it up has to hear of it [PROTOCOL 2.4]. */
import { BprocError } from '../errors.ts';
import { controlBytes, MAX_GREETING_BYTES } from '../wire/index.ts';
import { withAttribute } from './node-info.ts';

/** Bytes for what a HELLO has beside the options: identity, versions, the epoch seen, and the blocks of pids of a large node. */
const RESERVED_BYTES = 640;

/** Options that a HELLO carries. */
export interface HelloOptions {
  readonly domain: string;
  /** Slaves only. */
  readonly address?: string;
  /** Slaves only. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Checks that the options fit into one HELLO, and that the attributes can be.
 *
 * @throws BprocError E2BIG, which names the option that takes up most of it; EINVAL, ENOSPC for an attribute that
 *   cannot be, or one too many.
 */
export function checkHello(options: HelloOptions): void {
  const { domain, address = '', attributes = {} } = options;
  let all: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(attributes)) all = withAttribute(all, name, value);
  const most = MAX_GREETING_BYTES - RESERVED_BYTES;
  const sizes = [
    { name: 'domain', bytes: controlBytes({ domain }) },
    { name: 'address', bytes: controlBytes({ hello: { address } }) },
    { name: 'attributes', bytes: controlBytes({ hello: { attributes } }) },
  ];
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  if (bytes <= most) return;
  const [longest] = sizes.sort((a, b) => b.bytes - a.bytes);
  const together = `domain, address and attributes have ${bytes} bytes together`;
  const remedy = `shorten '${longest?.name}', which has ${longest?.bytes}`;
  throw new BprocError('E2BIG', `${together}, and no master takes more than ${most}: ${remedy}`);
}
