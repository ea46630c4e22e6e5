/**
 * Boot: from a powered-off machine without a disk to a node, served from inside a program.
 *
 * @packageDocumentation
 */
export { BprocError } from '../errors.ts';
export type {
  Architecture,
  BootDecision,
  BootImage,
  BootPolicy,
  BootTarget,
  Firmware,
  Machine,
  Relay,
} from './machine.ts';
