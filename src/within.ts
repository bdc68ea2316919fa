// A limit in time for whatever is waited for: hanging is failing.

/**
 * What the promise brings, or a `TimeoutError` after so many milliseconds; what it brings later is dropped. It stops
 * waiting, and not what it waited for. `what` was waited for, in the error's message.
 */
export async function within<T>(milliseconds: number, promise: Promise<T>, what = ""): Promise<T> {
  let timer!: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    const message = `${what} took more than ${milliseconds} ms`.trimStart();
    const fail = () => reject(new DOMException(message, "TimeoutError"));
    timer = setTimeout(fail, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
