/** Errors of this library as PMIx has them. */
import { BprocError, type BprocErrorCode } from '../../errors.ts';
import { STATUS } from './numbers.ts';

const STATUSES: Partial<Record<BprocErrorCode, number>> = {
  EPROTO: STATUS.UNPACK_FAILURE,
  EINVAL: STATUS.BAD_PARAM,
  ENOENT: STATUS.NOT_FOUND,
  EEXIST: STATUS.DUPLICATE_KEY,
  ETIMEDOUT: STATUS.TIMEOUT,
  EPERM: STATUS.NO_PERMISSIONS,
  EACCES: STATUS.NO_PERMISSIONS,
  EDQUOT: STATUS.OUT_OF_RESOURCE,
  E2BIG: STATUS.OUT_OF_RESOURCE,
  ENOSYS: STATUS.NOT_SUPPORTED,
  ENOTSUP: STATUS.NOT_SUPPORTED,
  ECANCELED: STATUS.LOST_CONNECTION,
  ECONNRESET: STATUS.UNREACH,
  BE_NODEDOWN: STATUS.UNREACH,
};

export function statusOf(error: unknown): number {
  return STATUSES[BprocError.from(error).code] ?? STATUS.ERROR;
}
