/** Who asks a boot server for something, and the one policy that answers them all, be it over DHCP, TFTP or HTTP. */

/** What a machine's firmware runs: `bios` is real-mode x86, the others are UEFI unless an operating system asks. */
export type Architecture = 'bios' | 'x86' | 'x64' | 'arm32' | 'arm64' | 'riscv64' | 'unknown';

/**
 * What on the machine asks.
 *
 * - `pxe`: the firmware's own PXE; it boots a file that it gets by TFTP.
 * - `http`: UEFI HTTP boot; it boots what a URL leads to.
 * - `ipxe`: iPXE; it takes a script by any protocol.
 * - `os`: a system that already runs (`udhcpc`, `dhclient`); it wants an address and boots nothing.
 */
export type Firmware = 'pxe' | 'http' | 'ipxe' | 'os';

/** The relay agent that a question came through (RFC 3046), as switches and routers are. */
export interface Relay {
  /** Its address on the machine's network (`giaddr`): says which network that is. */
  readonly address: string;
  /** Which of its ports the machine is at, in hexadecimal, where it says so. */
  readonly circuitId?: string;
  /** Which relay it is, in hexadecimal, where it says so. */
  readonly remoteId?: string;
}

/** A machine that asks, as far as it is known from its question. */
export interface Machine {
  /** Six bytes in lower case, as `52:54:00:12:34:56`. */
  readonly mac: string;
  /** As its firmware prints it, in lower case; absent where it said none, or only zeros, which many boards do. */
  readonly uuid?: string;
  readonly architecture: Architecture;
  readonly firmware: Firmware;
  readonly relay?: Relay;
  /** What it calls itself (option 60), as `PXEClient:Arch:00007:UNDI:003000`. */
  readonly vendorClass?: string;
  /** The address that it has already, or that its question came from. */
  readonly ip?: string;
}

/** What a machine is told to fetch next. */
export type BootTarget =
  /** A file of a TFTP server, by default that of the same boot server: `server` is another's address. */
  | { readonly kind: 'file'; readonly name: string; readonly server?: string }
  /** What a URL leads to: a program for UEFI HTTP boot, a script for iPXE. */
  | { readonly kind: 'url'; readonly url: string }
  /** Nothing: it goes on to its own disk. */
  | { readonly kind: 'local' };

/** The system that a machine's script starts: names of files of the boot server, or URLs. */
export interface BootImage {
  readonly kernel: string;
  readonly initrds: readonly string[];
  readonly commandLine: string;
}

/** What is to be done with a machine. */
export interface BootDecision {
  /** The node that it is. */
  readonly node?: number;
  readonly hostname?: string;
  /** The IPv4 address that is its own; absent: one from a pool, where there is one, or another server's. */
  readonly address?: string;
  /** Absent where it is to get an address and no word of booting. */
  readonly boot?: BootTarget;
  /** What the script that it fetches starts; absent where `boot` says all. */
  readonly image?: BootImage;
  /** Too many boot now: it is answered so many milliseconds later, not refused. @default 0 */
  readonly deferMs?: number;
}

/** The one place that knows which machine is which node and what it boots. */
export interface BootPolicy {
  /**
   * Asked for each question of a machine, also for repeated ones, so it has to be quick and to answer alike.
   *
   * @returns undefined for a machine that is none of ours: it gets no answer at all.
   */
  decide(machine: Machine): BootDecision | undefined;
}
