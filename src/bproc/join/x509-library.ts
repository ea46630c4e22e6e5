/** The library that makes certificates, loaded when the first one is to be made and not before. */
import { createRequire } from 'node:module';

/** What is used of it. */
export type X509 = typeof import('@peculiar/x509');

/** Of the decorators' reflection, all that its dependency injection asks for. */
const WANTED = ['getMetadata', 'getOwnMetadata', 'defineMetadata'] as const;

/**
 * Loads it, which takes some 60 ms and 15 MB. It demands that somebody has put reflection of decorators into the
 * global `Reflect`, and uses it while it is being loaded only. So it gets that for this one synchronous moment, where
 * the program has none, and nothing of it is left for anybody to see.
 */
export function loadX509(): X509 {
  const require = createRequire(import.meta.url);
  const added = WANTED.filter((name) => !(name in Reflect));
  for (const name of added) Object.defineProperty(Reflect, name, { configurable: true, value: () => undefined });
  try {
    return require('@peculiar/x509') as X509;
  } finally {
    for (const name of added) Reflect.deleteProperty(Reflect, name);
  }
}
