/** A master that keeps what nodes say of their load. Arguments: the address it listens on, how often nodes are asked in milliseconds. */
import { masterStats } from 'bproc/beostat';
import { answer, library } from './answer.mjs';

const [, , listen, intervalMs] = process.argv;
const services = [masterStats({ intervalMs: Number(intervalMs), idleIntervalMs: Number(intervalMs) })];
const master = await library.startMaster({ listen, services });

answer({ address: () => master.addresses[0] }, () => master[Symbol.asyncDispose]());
