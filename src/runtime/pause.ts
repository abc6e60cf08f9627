/**
 * Lets signals and messages in between two steps that block this thread.
 *
 * @throws the signal's reason when it is aborted by then
 */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
