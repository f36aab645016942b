import http from 'node:http';

const shown = ['allow', 'cache-control', 'content-type', 'location', 'retry-after', 'www-authenticate', 'access-control-allow-origin',
  'access-control-allow-headers', 'access-control-allow-methods', 'access-control-expose-headers', 'content-security-policy', 'referrer-policy',
  'x-content-type-options', 'vary', 'etag', 'link', 'deprecation'];

/** Makes calls, each to the address of its path, and writes it down with its answer. */
export function createCaller(addressOf, mask, write) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  const send = ({ method, path, headers = {}, body }) => new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body);
    const request = http.request(addressOf(path) + path, { method, agent, headers: { ...headers, ...(payload ? { 'Content-Length': payload.length } : {}) } }, response => {
      const parts = [];
      response.on('data', part => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', error => resolve({ status: 0, headers: {}, text: error.code }));
    request.end(payload);
  });

  const call = async (title, { method = 'POST', path, token, json, form, type, body, headers = {}, quiet = false, limit = 3000 }) => {
    const sent = {
      method,
      path,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(json !== undefined || body !== undefined ? { 'Content-Type': type ?? 'application/json' } : {}),
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      body: form ? new URLSearchParams(form).toString() : json !== undefined ? JSON.stringify(json) : body,
    };
    const answer = await send(sent);
    if (!quiet) {
      const said = answer.text.length > limit ? `${answer.text.slice(0, limit)}… (${answer.text.length} characters)` : answer.text;
      const lines = shown.filter(name => name in answer.headers).map(name => `${name}: ${answer.headers[name]}`);
      write(mask(`# ${title}\n${method} ${path.slice(0, 300)}\n${answer.status}\n${lines.join('\n')}\n${said}\n`));
    }
    try { answer.json = JSON.parse(answer.text); } catch { answer.json = {}; }
    return answer;
  };
  const note = (title, text) => write(mask(`# ${title}\n${text}\n`));
  return { call, note, end: () => agent.destroy() };
}
