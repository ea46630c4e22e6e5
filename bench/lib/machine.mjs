/** What the benchmarks ran on, as `/proc` tells it; no names of machines or places. */
import { readFileSync } from 'node:fs';

/** @returns {Record<string, string>} */
export function describeMachine() {
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  const model = /^model name\s*: (.*)$/m.exec(cpuinfo)?.[1] ?? process.arch;
  const cores = cpuinfo.match(/^processor\s*:/gm)?.length ?? 1;
  const memory = Number(/^MemTotal:\s*(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0);
  return {
    processor: `${cores} × ${model}${/^flags\b.* hypervisor\b/m.test(cpuinfo) ? ', virtual' : ''}`,
    memory: `${(memory / 2 ** 20).toFixed(1)} GiB`,
    kernel: `Linux ${readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()}`,
    node: process.version,
  };
}
