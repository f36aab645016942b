import type { Answer } from '../helpers/readAnswer.js';

export interface FakeRequest {
  /** Below /v1/client/ for the server's own, the whole address for others. */
  readonly path: string;
  readonly body: unknown;
  readonly init: RequestInit;
}

/** What a request gets: an answer, an HTTP response, or a failure of the network. */
export type FakeReply = Answer | Response | Error | ((request: FakeRequest) => Answer | Response | Error | Promise<Response>);

/** A server that answers each path with the next reply of its list, the last one for ever. */
export function fakeServer(replies: Record<string, FakeReply[]>) {
  const requests: FakeRequest[] = [];
  const given: Record<string, number> = {};

  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const path = String(input).replace('https://id.example.com/v1/client/', '');
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { path, body, init };
    requests.push(request);

    const list = replies[path];
    if (!list) throw new TypeError(`Nothing listens at ${path}`);
    const count = (given[path] = (given[path] ?? 0) + 1);
    const reply = list[Math.min(count, list.length) - 1]!;
    const result = typeof reply === 'function' ? await reply(request) : reply;
    if (result instanceof Error) throw result;
    return result instanceof Response ? result : Response.json(result);
  };

  return {
    fetch,
    requests,
    paths: () => requests.map((request) => request.path),
    bodies: (path: string) => requests.filter((request) => request.path === path).map((request) => request.body),
  };
}

export const connectionLost = () => new TypeError('Failed to fetch');
