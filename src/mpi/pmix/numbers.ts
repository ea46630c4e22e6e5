/** Numbers and keys of PMIx, by the names that `pmix_common.h` has for them without `PMIX_`. */

/** What a value is. */
export const TYPE = {
  UNDEF: 0,
  BOOL: 1,
  BYTE: 2,
  STRING: 3,
  SIZE: 4,
  PID: 5,
  INT: 6,
  INT8: 7,
  INT16: 8,
  INT32: 9,
  INT64: 10,
  UINT: 11,
  UINT8: 12,
  UINT16: 13,
  UINT32: 14,
  UINT64: 15,
  FLOAT: 16,
  DOUBLE: 17,
  TIMEVAL: 18,
  TIME: 19,
  STATUS: 20,
  VALUE: 21,
  PROC: 22,
  APP: 23,
  INFO: 24,
  PDATA: 25,
  BUFFER: 26,
  BYTE_OBJECT: 27,
  KVAL: 28,
  MODEX: 29,
  PERSIST: 30,
  POINTER: 31,
  SCOPE: 32,
  DATA_RANGE: 33,
  COMMAND: 34,
  INFO_DIRECTIVES: 35,
  DATA_TYPE: 36,
  PROC_STATE: 37,
  PROC_INFO: 38,
  DATA_ARRAY: 39,
  PROC_RANK: 40,
  QUERY: 41,
  COMPRESSED_STRING: 42,
  ALLOC_DIRECTIVE: 43,
  INFO_ARRAY: 44,
  IOF_CHANNEL: 45,
  ENVAR: 46,
} as const;

/** What a client asks. */
export const COMMAND = {
  REQ: 0,
  ABORT: 1,
  COMMIT: 2,
  FENCENB: 3,
  GETNB: 4,
  FINALIZE: 5,
  PUBLISHNB: 6,
  LOOKUPNB: 7,
  UNPUBLISHNB: 8,
  SPAWNNB: 9,
  CONNECTNB: 10,
  DISCONNECTNB: 11,
  NOTIFY: 12,
  REGEVENTS: 13,
  DEREGEVENTS: 14,
  QUERY: 15,
  LOG: 16,
} as const;

/** How something ended, and what events are of. */
export const STATUS = {
  SUCCESS: 0,
  ERROR: -1,
  UNPACK_FAILURE: -20,
  NO_PERMISSIONS: -23,
  TIMEOUT: -24,
  UNREACH: -25,
  BAD_PARAM: -27,
  OUT_OF_RESOURCE: -29,
  NOT_FOUND: -46,
  NOT_SUPPORTED: -47,
  DUPLICATE_KEY: -53,
  LOST_CONNECTION: -61,
  EVENT_PROC_TERMINATED: -201,
  PROC_ABORTED_BY_SIG: -402,
  EXIT_NONZERO_TERM: -404,
  /** In place of a code: whoever has a handler for all of them. */
  ANY_EVENT: -(2 ** 31),
} as const;

/** With whom what a rank puts is shared. */
export const SCOPE = { LOCAL: 1, REMOTE: 2, GLOBAL: 3 } as const;

/** Whom something published, or an event, is for. */
export const RANGE = { UNDEF: 0, LOCAL: 2, NAMESPACE: 3, SESSION: 4, GLOBAL: 5, CUSTOM: 6, PROC_LOCAL: 7 } as const;

/** For how long something is published. */
export const PERSIST = { FIRST_READ: 1, PROC: 2 } as const;

/** Keys of what the server reads in requests. */
export const KEY = {
  COLLECT_DATA: 'pmix.collect',
  TIMEOUT: 'pmix.timeout',
  IMMEDIATE: 'pmix.immediate',
  OPTIONAL: 'pmix.optional',
  WAIT: 'pmix.wait',
  RANGE: 'pmix.range',
  PERSISTENCE: 'pmix.persist',
  HOST: 'pmix.host',
  ADD_HOST: 'pmix.addhost',
  WDIR: 'pmix.wdir',
  NSPACE: 'pmix.nspace',
  EVENT_AFFECTED_PROC: 'pmix.evproc',
  EVENT_CUSTOM_RANGE: 'pmix.evrange',
  EVENT_NON_DEFAULT: 'pmix.evnondef',
  EVENT_DO_NOT_CACHE: 'pmix.evnocache',
  EXIT_CODE: 'pmix.exit.code',
  LOG_STDOUT: 'pmix.log.stdout',
  LOG_STDERR: 'pmix.log.stderr',
} as const;
