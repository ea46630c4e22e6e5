/**
 * A whole cluster in one process on a virtual network and clock, with every fault from a seed: for
 * tests of programs that use bproc, and of bproc itself.
 *
 * @packageDocumentation
 */

export type { Connector } from '../bproc/index.ts';
export { BprocError } from '../errors.ts';
export type { EpochStore, NodeStore, RecordLog, StoredEpoch } from '../state/index.ts';
export type { Program, ProgramEntry, ProgramIo, Wait } from './program.ts';
export { PROGRAMS } from './program.ts';
export { SeededRandom } from './seeded-random.ts';
export type { SimulationOptions, SimulationResult } from './simulation.ts';
export { simulate } from './simulation.ts';
export type { Fault, FramePlan, JobPlan, JobStep, SimulationPlan } from './simulation-plan.ts';
export { FAULTS, planOf } from './simulation-plan.ts';
export { HostClock, VirtualClock } from './virtual-clock.ts';
export type { HolderPeer } from './virtual-holder.ts';
export { VirtualHolder } from './virtual-holder.ts';
export type { HolderOutput } from './virtual-holder-output.ts';
export type { KeptListener, KeptProcess } from './virtual-kept.ts';
export type { FrameFate, FrameInfo, Line, LineItem, LineNetwork } from './virtual-line.ts';
export type { LinkObserver, VirtualLinkOptions } from './virtual-link.ts';
export { VirtualLink } from './virtual-link.ts';
export type { VirtualMachineOptions } from './virtual-machine.ts';
export { VirtualMachine } from './virtual-machine.ts';
export type { CutSide, VirtualNetworkOptions } from './virtual-network.ts';
export { VirtualConnection, VirtualHost, VirtualNetwork } from './virtual-network.ts';
export type { SlaveCrash, SlaveSetUp } from './virtual-node.ts';
export { VirtualNode } from './virtual-node.ts';
export type { InputPipe, OutputPipe, OutputReader } from './virtual-pipe.ts';
export type { ProcessListener, VirtualProcessInit } from './virtual-process.ts';
export { VirtualProcess } from './virtual-process.ts';
export type { SpawnerCrash, VirtualSpawnerOptions } from './virtual-spawner.ts';
export { VirtualSpawner } from './virtual-spawner.ts';
export type { VirtualClusterOptions, VirtualMaster } from './world.ts';
export { MASTER_ADDRESS, startVirtualCluster, World } from './world.ts';
