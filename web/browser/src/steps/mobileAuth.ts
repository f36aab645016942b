import { abortable } from '../helpers/abortable.js';
import { leave } from '../helpers/away.js';
import { childController } from '../helpers/childController.js';
import { createError } from '../helpers/createError.js';
import { delay } from '../helpers/delay.js';
import type { StepContext } from '../step.js';

// An operator that has not answered by then will not, and the person is waiting: the server has another way.
const timeLimit = 6_000;

/** Mobile Auth: the operator says whose line the request came over. Any failure is reported, and the server goes on with another step. */
export async function mobileAuth(context: StepContext): Promise<string> {
  const { call, options, returned, signal, token } = context;
  if (returned) {
    context.returned = undefined;
    if (!returned.vfp) throw createError('network', 'Mobile Auth: the page came back without an answer');
    return (await call('mobile/instant/finish', { vfp: returned.vfp })).next!;
  }

  const { way: implementation = 'fetch', returnUrl = here() } = options.mobileAuth ?? {};
  const goes = implementation === 'redirect';
  const { next, error, data } = await call('mobile/instant/start', { implementation, ...(goes && { returnUrl }) });
  if (error) return next!;
  if (!data?.redirectUrl) throw createError('protocol', 'No address for Mobile Auth');
  if (goes && !isTest(data.redirectUrl)) return await leave(token.text, data.redirectUrl, signal);

  const limit = childController(signal);
  const timer = setTimeout(() => limit.abort(createError('network', 'Mobile Auth took too long')), timeLimit);
  let vfp: string;
  try {
    vfp = await abortable(fetchProof(data.redirectUrl, options.fetch, limit.signal), limit.signal);
  } finally {
    clearTimeout(timer);
  }

  return (await call('mobile/instant/finish', { vfp })).next!;
}

/** The address of this page without its fragment, which is the answer's place. */
const here = () => globalThis.location?.href.split('#')[0];

/** "Do not go there: this is the answer." */
const isTest = (url: string) => new URL(url).searchParams.has('testVfp');

async function fetchProof(redirectUrl: string, fetch = globalThis.fetch, signal: AbortSignal): Promise<string> {
  const url = new URL(redirectUrl);
  const testVfp = url.searchParams.get('testVfp');
  if (testVfp !== null) {
    await delay(Number(url.searchParams.get('delay')), signal);
    return testVfp;
  }

  // The operator answers in JSON instead of a page. Appended as text: writing through searchParams would re-encode what may be signed.
  url.search += `${url.search ? '&' : '?'}r=f`;
  let proof: Record<string, string>;
  try {
    const response = await fetch(url.href, { signal, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' });
    if (!response.ok) throw 0;
    proof = await response.json();
  } catch {
    throw createError('network', 'Mobile Auth: the operator did not answer');
  }

  // "reconcilation_token" is how the wire spells it.
  const { vfp, correlation_id, token = proof['reconcilation_token'] } = proof;
  const result = vfp ?? (correlation_id && token ? `${correlation_id}...${token}` : token);
  if (!result) throw createError('protocol', 'Mobile Auth: the operator answered without a proof');
  return result;
}
