/** What went wrong in a copy, in words. */
import type { BprocErrorCode } from '../../errors.ts';
import { BprocError, codeOfErrno } from '../../errors.ts';

/** By code, where a file could not be read and where it could not be made. */
const WHY: Partial<Record<BprocErrorCode, readonly [read: string, made: string]>> = {
  ENOENT: ['does not exist', 'cannot be made: the directory it is to be in does not exist'],
  EACCES: ['may not be read by this user', 'may not be made by this user: check the mode of its directory'],
  EPERM: ['may not be read by this user', 'may not be given its owner, mode or times'],
  EISDIR: ['is a directory: copy it recursively', 'is a directory: give the name of a file, or "/" at its end'],
  ENOTDIR: ['leads through what is no directory', 'leads through what is no directory, or a link in the copy'],
  EINVAL: ['is no file, directory or link', 'cannot be made'],
  EBUSY: ['is being made by a copy: give another place for that if it is this one', 'is in use'],
  EEXIST: ['is there already', 'is a device, pipe or socket, which is not replaced'],
  ESTALE: ['was changed while it was read', 'was changed while it was read'],
  ENOSPC: ['cannot be read', 'does not fit: the disk is full'],
  EDQUOT: ['cannot be read', 'does not fit: the quota is used up'],
  EFBIG: ['cannot be read', 'is larger than files may be there: see RLIMIT_FSIZE and the file system'],
  EROFS: ['cannot be read', 'cannot be made: the file system is read-only'],
  ENAMETOOLONG: ['has too long a name, or lies too deep', 'has too long a name'],
  ELOOP: ['leads through too many links', 'leads through too many links'],
  ECONNRESET: ['is not whole', 'is not whole: what was to give it is gone'],
};

/** The error of one path. @param reading whether it is of the source. */
export function copyError(errno: number, path: string, reading: boolean, node: number | undefined): BprocError {
  const code = codeOfErrno(errno) ?? 'EIO';
  const why = WHY[code]?.[reading ? 0 : 1] ?? (reading ? 'cannot be read' : 'cannot be written');
  const where = node === undefined ? '' : ` on node ${node}`;
  return new BprocError(code, `${JSON.stringify(path)}${where} ${why} (${code})`, { node });
}

/** The error of a copy of which something failed. */
export function partialError(first: BprocError, count: number): BprocError {
  if (count <= 1) return first;
  const message = `${count} files or directories were not copied, the first: ${first.message}`;
  return new BprocError(first.code, message, { node: first.node, cause: first });
}
