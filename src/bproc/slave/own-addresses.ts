/** Addresses that are a process's own, and go with it from one node to another: PROTOCOL.md 12.11. */
import { readFile, readlink } from 'node:fs/promises';
import { BlockList, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { BprocError } from '../../errors.ts';
import { AddressHelper, findHolder, type InterfaceAddress, mayUse } from '../../linux/index.ts';
import { endText, socketsOf, type TcpSocket, tcpSocketsIn } from '../migrate/index.ts';

/** The mask of what is no network's, but one address of its own. */
const ALONE = '255.255.255.255';
const REMEDY =
  'run the slave with the capabilities NET_ADMIN and NET_RAW, as root has them, in the network namespace of its processes';

/**
 * Looks whether an address can leave with a process, and with all of its connections.
 *
 * @param pid as this program's own `/proc` has it.
 * @throws BprocError EPERM, ENOTSUP, EBUSY with the reason.
 */
export async function addressOf(address: string, pid: number): Promise<InterfaceAddress> {
  const found = interfaces().find((each) => each.address === address);
  checkRights(address);
  if (!isIPv4(address) || found === undefined) throw refusal(address, 'its node has no such IPv4 address');
  if (found.netmask !== ALONE) {
    throw refusal(
      address,
      `it is the node's own: only one with the prefix /32 is a process's (ip address add ${address}/32 dev ${found.device})`,
    );
  }
  const [own, its] = await Promise.all(['self', pid].map((each) => readlink(`/proc/${each}/ns/net`)));
  if (own !== its) throw refusal(address, 'the process is in a network namespace of its own');
  const inodes = await socketsOf(pid);
  for (const { inode, local, remote, isConnection } of await socketsNear(pid)) {
    const [isOurs, isThere] = [inodes.has(inode), local.address === address];
    if (isOurs && isConnection && !isThere) {
      throw refusal(address, `the process has a TCP connection to ${endText(remote)} by ${local.address}, which stays`);
    }
    if (!isOurs && isThere) {
      throw new BprocError('EBUSY', `${address} cannot go along: another process uses it, on port ${local.port}`);
    }
  }
  return { address, device: found.device };
}

/** Holds up its packets until the process has left with it. @throws BprocError where that cannot be. */
export function leaveAddress(address: InterfaceAddress, pid: number): Promise<AddressHelper> {
  return AddressHelper.leave(findHolder(), address, pid);
}

/** The same where the process goes: on the interface of that network. @throws BprocError EPERM, ENOTSUP, EADDRINUSE. */
export async function takeAddress(address: string, node: number | undefined): Promise<AddressHelper> {
  checkRights(address);
  const here = interfaces();
  if (!isIPv4(address)) throw refusal(address, 'it is no IPv4 address');
  if (here.some((each) => each.address === address)) {
    throw new BprocError('EADDRINUSE', `${address} cannot go along: node ${node} has it already`);
  }
  const near = here.find(({ internal, netmask, cidr }) => !internal && netmask !== ALONE && isIn(address, cidr));
  if (near === undefined) throw refusal(address, `node ${node} has no interface in its network`);
  return AddressHelper.take(findHolder(), { address, device: near.device });
}

interface OwnInterface {
  readonly device: string;
  readonly address: string;
  readonly netmask: string;
  readonly cidr: string | null;
  readonly internal: boolean;
}

function interfaces(): readonly OwnInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
    // a label of an address follows the name
    const device = name.split(':')[0] ?? name;
    return addresses.filter(({ family }) => family === 'IPv4').map((each) => ({ ...each, device }));
  });
}

function isIn(address: string, cidr: string | null): boolean {
  const [network = '', prefix = ''] = cidr?.split('/') ?? [];
  const list = new BlockList();
  if (isIPv4(network)) list.addSubnet(network, Number(prefix));
  return list.check(address);
}

/** All in the network namespace of a process. */
async function socketsNear(pid: number): Promise<readonly TcpSocket[]> {
  const texts = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')));
  return texts.flatMap((text) => tcpSocketsIn(text));
}

function checkRights(address: string): void {
  if (mayUse('NET_ADMIN', 'NET_RAW')) return;
  throw new BprocError('EPERM', `${address} cannot go along: this slave may not change addresses; ${REMEDY}`);
}

function refusal(address: string, why: string): BprocError {
  return new BprocError('ENOTSUP', `${address} cannot go along: ${why}`);
}
