import { createHmac } from 'node:crypto';

/** Flows of two projects in Live, with a gateway and an identity source beside the server. */
export async function liveFlows({ call, note, secret, providers }) {
  const tokens = {};
  for (const [id, clientSecret] of [['shop', secret], ['bank', `${secret}5`]]) {
    tokens[id] = (await call(`a token of ${id}`, { path: '/token', form: { grant_type: 'client_credentials', client_id: id, client_secret: clientSecret } })).json.access_token;
  }
  for (const path of ['/', '/health', '/ready', '/sandbox', '/sandbox/users', '/reference', '/.well-known/oauth-authorization-server', '/nothing', '/l/nothing']) {
    await call(`GET ${path}`, { method: 'GET', path, limit: 200 });
  }
  await records();
  for (const [id, token] of Object.entries(tokens)) {
    for (const phoneNumber of ['2025550142', '+12025550143', '12025550144', '2025550145', '2025550199', '+447911123456', '+4915112345678', '+3312', '2125551234567', '+18005550142', '+442079460000']) {
      for (const possessionType of ['mobile', 'desktop', 'none']) {
        await one(id, token, '/v3/verify', '/v3/verify-status', { possessionType, phoneNumber, firstName: 'Ada', lastName: 'Lovelace', allowOTPRetry: true, ...target(possessionType) });
      }
      for (const possessionType of ['mobile', 'desktop', 'none']) {
        const flow = await one(id, token, '/v3/unify', '/v3/unify-status', { possessionType, phoneNumber, ...target(possessionType) });
        if (flow.correlationId) await call('bind', { path: '/v3/unify-bind', token, json: { correlationId: flow.correlationId, phoneNumber } });
      }
      const flow = await one(id, token, '/v3/start', '/v3/validate', { flowType: 'mobile', phoneNumber });
      if (flow.correlationId) {
        await call('challenge', { path: '/v3/challenge', token, json: { correlationId: flow.correlationId, dob: '1815-12-10' } });
        await call('complete', { path: '/v3/complete', token, json: { correlationId: flow.correlationId, individual: { firstName: 'Ada', lastName: 'Lovelace' } } });
      }
      for (const verificationType of ['verifiedUser', 'accountOpening', 'bot', 'prefill', 'prefillForBiz', 'identityResolution']) {
        await call(`${verificationType} of ${phoneNumber}`, { path: '/v3/verify', token, json: { verificationType, phoneNumber, firstName: 'Ada', lastName: 'Lovelace' } });
      }
    }
    await call('enrols', { path: '/v3/identity', token, json: { phoneNumber: '2025550150', clientCustomerId: 'c' } });
    await call('lists', { method: 'GET', path: '/v3/identity', token });
  }
  await domains();
  await inbound();

  function target(type) { return type === 'desktop' ? { finalTargetUrl: 'https://shop.example/verified/done' } : {}; }

  async function one(id, token, path, status, json) {
    const { json: flow } = await call(`${id} begins a flow of ${json.phoneNumber}`, { path, token, json });
    const step = (name, body = {}) => call(`browser ${name}`, { path: `/v1/client/${name}`, token: flow.authToken, json: body });
    if (flow.authToken) {
      const before = providers.texts.length;
      if ((json.possessionType ?? json.flowType) === 'desktop') {
        await step('mobile/instantlink/start', { isMobile: false });
        const link = /https?:\/\/\S+/.exec(providers.texts.slice(before).at(-1)?.text ?? '')?.[0];
        if (link) {
          const page = new URL(link).pathname;
          await call('the link page', { method: 'GET', path: page });
          await call('confirms', { path: page, form: { action: 'confirm' } });
          await call('the link page afterwards', { method: 'GET', path: page });
        }
      } else {
        await step('mobile/instant/start', { implementation: 'fetch' });
        await step('mobile/otp/start');
        const code = /\d{4,6}/.exec(providers.texts.slice(before).at(-1)?.text ?? '')?.[0];
        await step('mobile/otp/finish', { otp: code === '000000' ? '111111' : '000000' });
        if (code) await step('mobile/otp/finish', { otp: code });
      }
      for (const text of providers.texts.slice(before)) {
        note('a text', JSON.stringify({ ...text, text: text.text.replace(/\d{4,6}/, '<code>').replace(/\/l\/\S+/, '/l/<token>') }));
        await receipts(text);
      }
    }
    if (flow.correlationId) {
      await call('status', { path: status, token, json: { correlationId: flow.correlationId } });
      await call('the flow as support sees it', { method: 'GET', path: `/admin/flows/${flow.correlationId}`, token: secret });
    }
    return flow;
  }

  async function receipts({ receiptUrl, refused }) {
    if (!receiptUrl || refused) return;
    const path = new URL(receiptUrl).pathname;
    await call('a receipt without a signature', { path, json: { state: 'delivered' } });
    await signed('a receipt', path, { state: 'delivered' });
    await signed('the receipt again', path, { state: 'delivered' });
    await signed('a receipt of a state that is not known', path, { state: 'lost' });
  }

  function signed(title, path, json) {
    const body = JSON.stringify(json);
    const t = Math.floor(Date.now() / 1000);
    return call(title, { path, body, headers: { 'Countersign-Signature': `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}` } });
  }

  async function records() {
    const { json: begun } = await call('begins an import', { path: '/admin/records/imports', token: secret, json: { source: 'crm', format: 'csv', columns: ['phone', 'given_name', 'family_name', 'birthdate'], firstLine: 2, projects: Object.keys(tokens) } });
    const path = `/admin/records/imports/${begun.id}`;
    await call('takes lines', { path: `${path}/lines?firstLine=2`, token: secret, type: 'text/csv', body: '+12025550145,Ada,Lovelace,1815-12-10\n+12025550143,Grace,Hopper,1906-12-09\nnonsense,,,\n' });
    await call('the import', { method: 'GET', path, token: secret });
    await call('commits', { path: `${path}/commit`, token: secret, json: {} });
    await call('the sources', { method: 'GET', path: '/admin/records/sources', token: secret });
  }

  async function domains() {
    const ids = {};
    for (const [id, token] of Object.entries(tokens)) ids[id] = (await call(`the domain of ${id}`, { method: 'GET', path: '/v3/domain/id', token })).json.pcid;
    const scopes = ['identities'];
    await call('links', { path: '/v3/domain/link', token: tokens.shop, json: { pcid: ids.bank, scopes } });
    await call('links itself', { path: '/v3/domain/link', token: tokens.shop, json: { pcid: ids.shop, scopes } });
    await call('sees it', { method: 'GET', path: '/v3/domain/linked', token: tokens.bank });
    await call('confirms', { path: '/v3/domain/confirm-link', token: tokens.bank, json: { pcid: ids.shop, scopes } });
    const { json: listed } = await call('lists', { method: 'GET', path: '/v3/identity', token: tokens.shop });
    for (const { proveId } of listed.identities ?? []) await call('across domains', { path: `/v3/identity/${proveId}/cross-domain`, token: tokens.shop, json: {} });
    await call('unlinks', { path: '/v3/domain/unlink', token: tokens.shop, json: { pcidFrom: ids.shop, pcidTo: ids.bank } });
    await call('sees nothing', { method: 'GET', path: '/v3/domain/linked', token: tokens.bank });
  }

  async function inbound() {
    for (const text of ['STOP', 'HELP', 'START', 'Hello']) {
      await signed(`a person writes ${text}`, '/gateways/own/inbound', { from: '+12025550142', to: '+12025550100', text });
      await call('the suppressions', { path: '/admin/suppressions/list', token: secret, json: { phoneNumber: '+12025550142' } });
    }
    await signed('a person writes nothing', '/gateways/own/inbound', {});
    await call('another gateway', { path: '/gateways/other/inbound', json: {} });
    await signed('STOP', '/gateways/own/inbound', { from: '+12025550142', to: '+12025550100', text: 'stop' });
    await one('shop', tokens.shop, '/v3/verify', '/v3/verify-status', { possessionType: 'mobile', phoneNumber: '2025550142', firstName: 'Ada', lastName: 'Lovelace' });
    await call('lifts', { path: '/admin/suppressions/lift', token: secret, json: { phoneNumber: '+12025550142' } });
  }
}
