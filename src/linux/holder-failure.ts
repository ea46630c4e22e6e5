/** Says why a holder could not start a program: it tells at which step, and with which errno. */
import { getSystemErrorName } from 'node:util';
import { BprocError, type BprocErrorCode, codeOfErrno } from '../errors.ts';
import type { SpawnRequest } from './spawn-request.ts';
import { directoryProblem, startFailure } from './start-failure.ts';
import { stdioFailure } from './stdio-files.ts';

const STAGE = {
  unshare: 3,
  limit: 4,
  root: 5,
  user: 6,
  directory: 7,
  stdin: 8,
  stderr: 10,
  privileges: 11,
  cgroup: 13,
  bind: 14,
  maker: 15,
  descriptor: 16,
} as const;

/** The error of a start; `request` is missing where an earlier life of the program has asked for it. */
export function holderFailure(request: SpawnRequest | undefined, stage: number, errno: number): BprocError {
  const code: BprocErrorCode = codeOfErrno(errno) ?? 'EIO';
  if (request === undefined) return new BprocError(code, `a program could not be started (${code})`);
  const program = `program ${JSON.stringify(request.file)} cannot be started`;
  const because = (why: string): BprocError => new BprocError(code, `${program}: ${why}`);
  switch (stage) {
    case STAGE.unshare:
      return because('no namespace can be made for it: raise user.max_uts_namespaces');
    case STAGE.limit:
      return because(
        `its limits cannot be set (${code}): only root may raise a hard limit, and soft may not exceed hard`,
      );
    case STAGE.root:
      if (code === 'EPERM') return because(`only root may give it ${request.root} as its root: run the slave as root`);
      return new BprocError(code, directoryProblem(`root directory ${JSON.stringify(request.root)}`, code));
    case STAGE.user:
      return because(`the slave may not give it user ${request.user?.uid}: run the slave as root`);
    case STAGE.directory:
      return new BprocError(code, directoryProblem(`working directory ${JSON.stringify(request.cwd)}`, code));
    case STAGE.privileges:
      return because(
        `its privileges cannot be taken away (${code}): its slave needs the capability SETPCAP, and seccomp`,
      );
    case STAGE.cgroup:
      return because(`no cgroup can be made for it (${code}): start its slave without cgroups`);
    case STAGE.maker:
      return new BprocError('EIO', `${program}: what makes it failed`);
    case STAGE.descriptor:
      return because(`what one of its descriptors is to be connected to is gone (${code})`);
    case STAGE.bind:
      return because(
        code === 'EPERM'
          ? 'its slave may not mount: give it the capability SYS_ADMIN, or a user namespace'
          : `what its root consists of cannot be bound (${code}): a directory of it is gone`,
      );
    default:
  }
  if (stage >= STAGE.stdin && stage <= STAGE.stderr) return stdioFailure(request, stage - STAGE.stdin, code);
  if (request.pid !== undefined && (code === 'EEXIST' || code === 'EPERM')) {
    return because(
      code === 'EEXIST' ? `pid ${request.pid} is taken` : `the slave may not choose its pid: run it as root`,
    );
  }
  // Node has no name for some that execve(2) has, such as ENOEXEC.
  const name = codeOfErrno(errno) ?? getSystemErrorName(-errno);
  return startFailure(request, Object.assign(new Error(`the kernel says ${name}`), { code: name }));
}
