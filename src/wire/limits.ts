/** The bounds that hold before anything is allocated: PROTOCOL.md 2.4. */

/** Bytes of a frame's fixed header. */
export const HEADER_BYTES = 20;
/** Most payload bytes of a frame before the session exists. */
export const MAX_GREETING_BYTES = 4 * 1024;
/** Most payload bytes of a CONTROL frame; above Linux's own limit for arguments and environment (2 MiB). */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;
/** Most data bytes of a DATA frame. */
export const MAX_DATA_BYTES = 256 * 1024;
/** Most payload bytes of every other frame. */
export const MAX_SMALL_BYTES = 1024;
/** Offsets beyond this cannot be told apart in a double. */
export const MAX_OFFSET = Number.MAX_SAFE_INTEGER;
