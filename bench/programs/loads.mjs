/** The loads, the same for everything that is compared. Times in milliseconds. */

/**
 * Does something so many times, one after another.
 *
 * @returns {Promise<number[]>} how long each took
 */
export async function oneByOne(count, work) {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return times;
}

/**
 * Does something so many times, so many at once.
 *
 * @returns {Promise<number>} how many a second
 */
export async function inFlight(count, width, work) {
  let left = count;
  const from = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return (count * 1000) / (performance.now() - from);
}

/**
 * Reads a stream to its end.
 *
 * @returns {Promise<{ bytes: number, ms: number, chunks: number }>}
 */
export function countBytes(stream) {
  const from = performance.now();
  let bytes = 0;
  let chunks = 0;
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk) => {
      bytes += chunk.length;
      chunks += 1;
    });
    stream.on('error', reject);
    stream.on('end', () => resolve({ bytes, chunks, ms: performance.now() - from }));
  });
}
