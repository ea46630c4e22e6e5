/** Which tests this machine can run: some need more than Node. `.ci/run` installs all of it, so that there all of them run. */
import { spawnSync } from 'node:child_process';

/** A tool, and the tests that are nothing without it. */
interface Tool {
  readonly packages: string;
  /** Commands that succeed where it is there. */
  readonly proofs: readonly (readonly [command: string, ...args: string[]])[];
  readonly tests: readonly string[];
  /** Whether what it needs of the kernel is not everywhere, so that CI goes without where that is so. */
  readonly kernels?: boolean;
}

const TOOLS: readonly Tool[] = [
  {
    packages: 'python3 python3-protobuf protobuf-compiler',
    proofs: [
      ['/usr/bin/python3', '-c', 'import google.protobuf'],
      ['protoc', '--version'],
    ],
    tests: ['test/examples/python.test.ts'],
  },
  {
    packages: 'gcc libc6-dev',
    proofs: [['cc', '--version']],
    tests: [
      'test/bproc/image/closure.test.ts',
      'test/native/*.test.ts',
      'test/linux/holder-{spawner,abilities,keeping}.test.ts',
      'test/cluster/{slave-restart,outfits}.test.ts',
      'test/{cluster,cli}/ghosts.test.ts',
      'test/bproc/ghosts/*.test.ts',
      'test/cluster/users.test.ts',
      'test/cluster/{bare-node,carried-files}.test.ts',
      'test/cluster/{fork-bomb,start-rights,terminals}.test.ts',
      'test/nss/programs.test.ts',
      'test/cli/{bpsh-pty,restart}.test.ts',
    ],
  },
  {
    packages: 'strace procps',
    proofs: [
      ['strace', '-V'],
      ['pgrep', '-V'],
    ],
    tests: ['test/cluster/carried-files.test.ts', 'test/cluster/migrate/bpckpt.test.ts'],
  },
  {
    packages: 'libnss-wrapper libnss-systemd',
    proofs: [['sh', '-c', 'ls /usr/lib/*/libnss_wrapper.so && ls /usr/lib/*/libnss_systemd.so.2']],
    tests: ['test/nss/programs.test.ts'],
  },
  {
    packages: 'slurmctld slurmd slurm-client munge iproute2, and be root',
    proofs: [
      ['slurmctld', '-V'],
      ['munged', '--version'],
      ['unshare', '--net', 'ip', 'link', 'add', 'outside', 'type', 'veth', 'peer', 'name', 'inside'],
    ],
    tests: ['test/beomap/slurm.test.ts'],
    kernels: true,
  },
  { packages: 'chromium', proofs: [['chromium', '--version']], tests: ['test/beostat/web-page.test.ts'] },
  { packages: 'prometheus', proofs: [['prometheus', '--version']], tests: ['test/beostat/prometheus.test.ts'] },
  {
    packages: 'iproute2',
    proofs: [['ip', '-V']],
    tests: ['test/cluster/other-machine.test.ts', 'test/cluster/migrate/address.test.ts', 'test/mpi/machines.test.ts'],
  },
  {
    packages: 'iproute2 busybox-static isc-dhcp-client kea-admin, and be root',
    proofs: [
      ['busybox', 'udhcpc', '--help'],
      ['dhclient', '--version'],
      ['perfdhcp', '-v'],
      ['unshare', '--net', 'ip', 'link', 'add', 'outside', 'type', 'veth', 'peer', 'name', 'inside'],
    ],
    tests: ['test/boot/dhcp/clients.test.ts'],
    kernels: true,
  },
  {
    packages: 'tmux vim-tiny',
    proofs: [
      ['tmux', '-V'],
      ['vim.tiny', '--version'],
    ],
    tests: ['test/cli/{bpsh-pty,beostatus}.test.ts'],
  },
  {
    packages: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
    proofs: [['aarch64-linux-gnu-gcc', '--version']],
    tests: ['test/native/prebuilt.test.ts'],
  },
  {
    packages:
      'criu, where that is 4.2 or later, or `bproc-get-criu DIR` and BPROC_CRIU=DIR/criu; and a kernel in which `criu check` succeeds',
    proofs: [[process.env['BPROC_CRIU'] ?? 'criu', 'check']],
    tests: [
      'test/bproc/migrate/criu*.test.ts',
      'test/cluster/migrate/*.test.ts',
      'test/docs/migration.test.ts',
      'test/examples/roaming.test.ts',
    ],
    kernels: true,
  },
  {
    packages: 'gcc libopenmpi-dev openmpi-bin',
    proofs: [['mpicc.openmpi', '--version']],
    tests: ['test/mpi/{pmix/open-mpi,open-mpi,launchers,machines}.test.ts', 'test/docs/mpi.test.ts'],
  },
  {
    packages: 'gcc libmpich-dev mpich',
    proofs: [['mpicc.mpich', '--version']],
    tests: ['test/mpi/{mpich,launchers,hydra,machines}.test.ts', 'test/cli/bprun.test.ts', 'test/docs/mpi.test.ts'],
  },
  {
    packages: 'gcc libpmix-dev',
    proofs: [['sh', '-c', 'ls /usr/lib/*/pmix2/include/pmix.h && cc --version']],
    tests: ['test/mpi/pmix/clients.test.ts', 'test/mpi/open-mpi.test.ts'],
  },
  {
    packages: 'valgrind libc6-dbg',
    proofs: [['valgrind', '--version']],
    tests: ['test/native/files.test.ts', 'test/native/hostile.test.ts'],
  },
];

/** Tests that cannot run here; says on stderr which, and what they need. In CI none is left out that the kernel permits. */
export function testsWithoutTools(): readonly string[] {
  const tools = process.env['CI'] === undefined ? TOOLS : TOOLS.filter(({ kernels }) => kernels === true);
  const lacking = tools.filter(({ proofs }) => !proofs.every(([command, ...args]) => succeeds(command, args)));
  for (const { packages, tests } of lacking) {
    process.stderr.write(`not run here: ${tests.join(', ')}; they need: apt-get install ${packages}\n`);
  }
  return lacking.flatMap(({ tests }) => tests);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
