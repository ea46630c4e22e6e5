/** What the queries about the load of nodes answer. */

/** When figures came, and whether newer ones should have. */
export interface Dated {
  /** Milliseconds since 1970 by the master's clock. */
  readonly seenAt: number;
  /** Nothing has come for longer than it should have taken. */
  readonly isStale: boolean;
}

/** Milliseconds that a processor has spent since its machine booted. */
export interface StatCpu extends Dated {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  /** Another machine of the same host had it. */
  readonly steal: number;
}

/** How many want to run. */
export interface LoadAverage extends Dated {
  /** On average over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  /** Threads that want to run now, and threads in all. */
  readonly running: number;
  readonly total: number;
  /** The pid that was given last, on that machine. */
  readonly lastPid: number;
}

/** Memory, in bytes. */
export interface MemoryInfo extends Dated {
  readonly total: number;
  /** Used by nobody, not even for what was read from disks. */
  readonly free: number;
  /** What programs could have without swapping. */
  readonly available: number;
  readonly buffers: number;
  readonly cached: number;
  readonly shared: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

/** One direction of an interface, since it is there. */
export interface NetCounts {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

/** A network interface. */
export interface NetDevice extends Dated {
  readonly name: string;
  readonly received: NetCounts;
  readonly sent: NetCounts;
  readonly collisions: number;
}

/** Room on a file system, in bytes. */
export interface FileSystem extends Dated {
  /** Where it is mounted. */
  readonly path: string;
  readonly total: number;
  readonly free: number;
  /** For others than root. */
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
}

/** What one process costs. */
export interface ProcessCost {
  /** Global; 0 for what a process forked. */
  readonly pid: number;
  readonly localPid: number;
  readonly command: string;
  readonly uid: number;
  /** Of the start that it came of, and of the client which made that, in hexadecimal: by them figures of jobs are summed. */
  readonly puid: string;
  readonly client: string;
  /** Milliseconds of processors. */
  readonly userMs: number;
  readonly systemMs: number;
  /** Bytes. */
  readonly resident: number;
  readonly virtual: number;
  readonly threads: number;
  /** The kernel's letter. */
  readonly state: string;
  /** Bytes from and to storage; 0 where the slave may not see it. */
  readonly readBytes: number;
  readonly writtenBytes: number;
}
