/** A controller that aborts with its parent. (`AbortSignal.any` is missing from browsers still in use.) */
export function childController(parent: AbortSignal): AbortController {
  const child = new AbortController();
  const onAbort = () => child.abort(parent.reason);
  if (parent.aborted) onAbort();
  parent.addEventListener('abort', onAbort);
  child.signal.addEventListener('abort', () => parent.removeEventListener('abort', onAbort));
  return child;
}
