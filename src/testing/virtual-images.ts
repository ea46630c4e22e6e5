/** The images of a virtual node: real blobs in real files, which pass over the virtual network. */
import { CacheHome, createImages, type PeerNetwork } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { VirtualHost } from './virtual-network.ts';

/** Bytes of images that a virtual node keeps. */
const CACHE_BYTES = 256 * 1024 * 1024;
const SCHEME = 'virtual:';

/** Images of the slave on a host. Disposing of them removes their files. */
export function createVirtualImages(host: VirtualHost, random: Random): ReturnType<typeof createImages> {
  const home = new CacheHome({ directory: undefined, maxBytes: CACHE_BYTES, isShared: false });
  return createImages({ home, clock: host.clock, random, mounts: false, network: networkOf(host) });
}

/** Slaves reach each other by the names of their hosts. */
function networkOf(host: VirtualHost): PeerNetwork {
  return {
    listen: async (accept) => {
      host.listen((link) => accept(link, undefined));
      return SCHEME + host.name;
    },
    connect: (address, _node, tell) => {
      if (address.startsWith(SCHEME)) return host.dial(address.slice(SCHEME.length), tell);
      return host.clock.after(0, () => tell(new BprocError('EINVAL', `${address} is nowhere in this world`)));
    },
    [Symbol.asyncDispose]: async () => host.listen(undefined),
  };
}
