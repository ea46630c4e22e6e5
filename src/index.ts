export { type Cancel, type Clock, systemClock } from './clock.ts';
export { BprocError, type BprocErrorCode, type BprocErrorDetails } from './errors.ts';
