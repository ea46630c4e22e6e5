/** Jobs as they go over the wire. */

/** QueueQuestion with a job of so many slots that has a minute: `sleep 1` in `/`. */
export function submission(np) {
  const text = (field, value) => Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), Buffer.from(value)]);
  const job = Buffer.concat([
    text(1, 'sleep'),
    text(2, 'sleep'),
    text(3, '1'),
    text(4, '/'),
    text(5, 'PATH=/usr/bin:/bin'),
    Buffer.from([6 << 3, np]),
    // 60000 as a varint
    Buffer.from([9 << 3, 0xe0, 0xd4, 0x03]),
  ]);
  return Buffer.concat([Buffer.from([(1 << 3) | 2, job.length]), job]);
}
