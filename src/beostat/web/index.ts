/**
 * A page about the cluster for browsers: nodes, how busy they are, and what runs there.
 *
 * @packageDocumentation
 */
export type { WebAccess, WebHandler, WebOptions } from './handler.ts';
export { webHandler } from './handler.ts';
