export type { Closure, ClosureEntry, ClosureOptions } from './closure.ts';
export { closureOf } from './closure.ts';
