#!/bin/sh
# Installs from Debian what the benchmarks are compared with: ssh, pdsh, ClusterShell and Slurm. Needs
# root. Nothing is configured or started here: the benchmarks bring their own configuration, and run
# every peer in a network namespace of its own.
set -eu

packages='openssh-server openssh-client pdsh clustershell slurm-client slurmd slurmctld munge iproute2 util-linux'

if [ "$(id -u)" -ne 0 ]; then
  echo 'bench/peers/setup.sh: run this as root: it installs packages' >&2
  exit 1
fi

# The packages would start their servers on the machine's real network.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 -q update
# shellcheck disable=SC2086 # a list of words
apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install $packages

for tool in sshd ssh pdsh clush srun slurmd slurmctld munged ip nsenter; do
  command -v "$tool" > /dev/null || { echo "bench/peers/setup.sh: $tool is still missing" >&2; exit 1; }
done
echo 'bench/peers/setup.sh: all peers are installed'
