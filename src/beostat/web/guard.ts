/** What is asked of every request before anything else: whom it is meant for, and that it comes of the page itself. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who looks at a page on this machine. */
export const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The header in which the page shows what it was given. */
export const TOKEN_HEADER = 'x-bproc-token';

/** Nothing but what is served here is loaded, run or talked to, and no other page may hold this one. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** Whether a request is for one of these hosts: another name that leads here is how a foreign page would get at this one (DNS rebinding). */
export function isForHost({ headers: { host = '' } }: IncomingMessage, hosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return hosts.some((each) => each.toLowerCase() === name);
}

/** Whether a request that changes something comes of the page: of the same origin, and with the token that only that page can have read. */
export function isOfPage({ headers }: IncomingMessage, token: Buffer): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host?.toLowerCase()) return false;
  const shown = Buffer.from(String(headers[TOKEN_HEADER] ?? ''), 'hex');
  return shown.length === token.length && timingSafeEqual(shown, token);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
