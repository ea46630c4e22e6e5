export { BprocError } from '../errors.ts';
