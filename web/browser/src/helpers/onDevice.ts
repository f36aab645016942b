import { createError } from './createError.js';
import { delay } from './delay.js';

// A database that has not opened by then will not, and the person is waiting: the flow goes on without a device key.
const timeLimit = 5_000;

/** Does what not every browser can: a private window may have no database, a page without https has no WebCrypto. */
export async function onDevice<T>(work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    const working = work();
    const tooLate = delay(timeLimit, over.signal).then(() => Promise.reject(new DOMException('', 'TimeoutError')));
    return await Promise.race([working, tooLate]);
  } catch (error) {
    throw createError('unsupported', `This browser cannot keep a device key: ${(error as Error).name}`);
  } finally {
    over.abort();
  }
}
