import { createError } from './createError.js';

/** What a page that went to the operator came back with. */
export interface Returned {
  /** Missing when the page came back without an answer: the person pressed "back", or the answer was another flow's. */
  readonly vfp?: string | undefined;
}

const key = 'Countersign.away';

// The life of an auth token: what is older leads nowhere.
const longestAway = 900_000;

// The server gives a page as long to be back. A page that is still here by then never left.
const longestLeaving = 60_000;

/** Remembers the flow in this tab and sends the page away. Settles only if the page stays, or is shown again as it was left. */
export function leave(authToken: string, url: string, signal: AbortSignal): Promise<never> {
  try {
    sessionStorage.setItem(key, JSON.stringify([Date.now(), authToken]));
    location.assign(url);
  } catch {
    throw createError('network', 'Mobile Auth: this page cannot leave');
  }
  return new Promise((_, reject) => {
    const stay = (failure: unknown) => {
      clearTimeout(timer);
      removeEventListener('pageshow', onShow);
      signal.removeEventListener('abort', onAbort);
      sessionStorage.removeItem(key);
      reject(failure);
    };
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted) stay(createError('network', 'Mobile Auth: the page came back without an answer'));
    };
    const onAbort = () => stay(signal.reason);
    const timer = setTimeout(() => stay(createError('network', 'Mobile Auth: the operator did not answer')), longestLeaving);
    addEventListener('pageshow', onShow);
    signal.addEventListener('abort', onAbort);
  });
}

/**
 * The auth token of the flow for which this page was left, and what it came back with; nothing when it was left for none. Asked once: what
 * was there is gone from the tab and from the address bar afterwards, also what belongs to no flow of this tab, so that nobody can slip a
 * page theirs.
 */
export function comeBack(flowOf: (authToken: string) => string): [authToken: string, returned: Returned] | undefined {
  if (typeof location === 'undefined') return undefined;
  const fragment = new URLSearchParams(location.hash.slice(1));
  const vfp = fragment.get('countersign-vfp');
  if (vfp !== null) history.replaceState(history.state, '', location.href.split('#')[0]);
  try {
    const [since, authToken] = JSON.parse(sessionStorage.getItem(key)!);
    sessionStorage.removeItem(key);
    if (Date.now() - since > longestAway) return undefined;
    return [authToken, { vfp: fragment.get('countersign-flow') === flowOf(authToken) ? (vfp ?? undefined) : undefined }];
  } catch {
    // Nothing there, or a tab that may keep nothing.
    return undefined;
  }
}
