/** Every test user in every product and kind of flow, to its end, and what time does. */
export async function sandboxFlows({ call, secret, documents }) {
  const { json: { access_token: token } } = await call('a token', { path: '/token', form: { grant_type: 'client_credentials', client_id: 'shop', client_secret: secret } });
  await call('health', { method: 'GET', path: '/health' });
  for (const path of ['/', '/ready', '/health/ready', '/sandbox', '/sandbox/operator', '/reference', '/openapi/v3.json', '/.well-known/oauth-authorization-server', '/.well-known/jwks.json', '/sdk/countersign.js', '/nothing', '/v3/nothing', '/l/nothing', '/admin/nothing']) {
    await call(`GET ${path}`, { method: 'GET', path, limit: 200 });
  }
  const { json: listed } = await call('the test users', { method: 'GET', path: '/sandbox/users', limit: 20000 });
  const verifyUsers = (Array.isArray(listed) ? listed : listed.users ?? []).map(user => user.phoneNumber ?? user.number).filter(Boolean);
  const startUsers = ['2001001695', '2001001693', '5550000000', '5555555555', '2001009101', '2001009102', '2001009103', '2001009104', '2001009105', '2001009106', '2001009107', '2001009108', '2001009109', '2001004000', '2001004009', '2001009201', '2001009202', '2001009203', '2001009206', '2001009207', '2001009208', '2002000003'];
  const unifyUsers = ['2001004018', '+2001004029', '2001004014', '2001004015', '2001004016', '2001004017', '2001009301', '447700900911', '2001009302', '2001009303', '2001009304', '2002000004'];
  const options = [{}, { allowOTPRetry: true }, { smsMessage: 'Your code is #####.' }];

  for (const phoneNumber of [...verifyUsers, '2002000002']) {
    for (const possessionType of ['mobile', 'desktop', 'none']) {
      for (const option of possessionType === 'mobile' ? options : [{}]) {
        const flow = await begin('/v3/verify', { possessionType, phoneNumber, firstName: 'Ada', lastName: 'Lovelace', clientRequestId: 'request', ...option });
        await prove(flow, possessionType, phoneNumber, option.smsMessage ? '12345' : '1234');
        await look(flow, '/v3/verify-status');
      }
    }
  }
  for (const phoneNumber of startUsers) {
    for (const flowType of ['mobile', 'desktop']) {
      const flow = await begin('/v3/start', { flowType, phoneNumber });
      await prove(flow, flowType, phoneNumber, '1234');
      await look(flow, '/v3/validate');
      for (const proof of [{}, { dob: '1985-04-12' }, { ssn: '0104' }, { ssn: '1111' }]) await call('challenge', { path: '/v3/challenge', token, json: { correlationId: flow.correlationId, ...proof } });
      for (const individual of [{}, { firstName: 'Tod', lastName: 'Weedall' }, { firstName: 'Milo', lastName: 'Pinson', dob: '1981-01-02', ssn: '123450596', emailAddresses: ['a@b.example'], addresses: [{ address: '1 Road', city: 'Town', region: 'CO', postalCode: '80120' }] }]) {
        await call('complete', { path: '/v3/complete', token, json: { correlationId: flow.correlationId, individual } });
      }
      await look(flow, '/v3/validate');
    }
  }
  for (const phoneNumber of unifyUsers) {
    for (const possessionType of ['mobile', 'desktop', 'none']) {
      const flow = await begin('/v3/unify', { possessionType, phoneNumber, clientCustomerId: 'customer' });
      await prove(flow, possessionType, phoneNumber, '1234');
      await look(flow, '/v3/unify-status');
      await call('bind', { path: '/v3/unify-bind', token, json: { correlationId: flow.correlationId, phoneNumber } });
      await look(flow, '/v3/unify-status');
    }
  }
  await identities();
  await oneCall();
  await moments();

  async function begin(path, json) {
    const { json: flow } = await call(`begins a flow of ${json.phoneNumber}`, { path, token, json });
    return flow;
  }

  async function prove(flow, type, number, code) {
    if (!flow.authToken) return;
    const step = (name, json = {}) => call(`browser ${name}`, { path: `/v1/client/${name}`, token: flow.authToken, json });
    if (type === 'desktop') {
      await step('mobile/instantlink/start', { isMobile: false });
      await step('mobile/instantlink/start', { isMobile: false });
      const { json: messages } = await call('the texts', { method: 'GET', path: `/sandbox/messages?to=${encodeURIComponent(number)}` });
      const last = Array.isArray(messages) ? messages.at(-1) : undefined;
      if (!last?.link) return;
      const path = new URL(last.link).pathname;
      await call('the link page', { method: 'GET', path });
      await call('a press that is not known', { path, form: { action: 'other' } });
      await call('confirms', { path, form: { action: number.endsWith('2') ? 'decline' : 'confirm' } });
      await call('confirms again', { path, form: { action: 'confirm' } });
      await call('the link page afterwards', { method: 'GET', path });
      return;
    }
    await step('device/passive/error', { message: 'no key' });
    const { json: asked } = await step('mobile/instant/start', { implementation: 'fetch' });
    const redirect = asked.data?.redirectUrl;
    await step('mobile/instant/finish', { vfp: redirect ? new URL(redirect).searchParams.get('testVfp') : 'none' });
    await step('mobile/otp/start');
    await step('mobile/otp/start');
    await step('mobile/otp/finish', { otp: '0000' });
    await step('mobile/otp/finish', { otp: code });
    await step('mobile/otp/finish', { otp: code });
    await step('mobile/otp/error', { message: 'cancelled', code: 'x' });
  }

  async function look(flow, path) {
    if (!flow.correlationId) return;
    await call('status', { path, token, json: { correlationId: flow.correlationId } });
    await call('the flow as support sees it', { method: 'GET', path: `/admin/flows/${flow.correlationId}`, token: secret });
  }

  async function identities() {
    for (const json of [{ phoneNumber: '2001004031' }, { phoneNumber: '2001004031', clientCustomerId: 'c1' }, { phoneNumber: '2001004035', identityAttributes: [{ attributeType: 't', attributeValue: 'v' }] }, { phoneNumber: '5' }]) {
      await call('enrols', { path: '/v3/identity', token, json });
    }
    const { json: page } = await call('lists', { method: 'GET', path: '/v3/identity?limit=1', token });
    await call('lists on', { method: 'GET', path: `/v3/identity?limit=1&startKey=${encodeURIComponent(page.lastKey ?? page.startKey ?? '')}`, token });
    await call('looks up', { method: 'GET', path: '/v3/identity/2001004031/lookup', token });
    const { json: all } = await call('lists all', { method: 'GET', path: '/v3/identity', token });
    for (const { proveId } of (all.identities ?? []).slice(0, 2)) {
      for (const [method, tail, json] of [['GET', ''], ['POST', '/deactivate', {}], ['GET', ''], ['POST', '/activate', {}], ['POST', '/cross-domain', {}], ['DELETE', ''], ['GET', ''], ['DELETE', '']]) {
        await call(`identity ${tail}`, { method, path: `/v3/identity/${proveId}${tail}`, token, json });
      }
      await call('discovers', { method: 'GET', path: `/v3/discover?proveId=${proveId}`, token });
      await call('fetches', { method: 'GET', path: `/v3/fetch?proveId=${proveId}`, token });
    }
    await call('enrols many', { path: '/v3/identity/batch', token, json: { items: [{ phoneNumber: '2001004031' }, { phoneNumber: 'x' }, {}] } });
    await call('its domain', { method: 'GET', path: '/v3/domain/id', token });
    await call('its links', { method: 'GET', path: '/v3/domain/linked', token });
  }

  async function oneCall() {
    const types = documents.v3.components.schemas.OneCallRequest.properties.verificationType.enum;
    for (const verificationType of types) {
      for (const phoneNumber of ['2001004053', '2001004011', '2001004014', '2001004050', '2001004054', '2002000005']) {
        await call(`${verificationType} of ${phoneNumber}`, { path: '/v3/verify', token, json: { verificationType, phoneNumber, firstName: 'Elena', lastName: 'Coldman' } });
      }
      await call(`${verificationType} without a name`, { path: '/v3/verify', token, json: { verificationType, phoneNumber: '2001004053' } });
    }
    await call('a batch', { path: '/v3/verify/batch', token, json: { items: types.map(verificationType => ({ verificationType, phoneNumber: '2001004053', firstName: 'Elena', lastName: 'Coldman' })) } });
  }

  async function moments() {
    for (const [what, seconds, type, steps] of [
      ['a code that is too old', 121, 'mobile', [['mobile/instant/error', {}], ['mobile/otp/start', {}]]],
      ['a link that is too old', 181, 'desktop', [['mobile/instantlink/start', { isMobile: false }]]],
      ['a flow that is too old', 901, 'mobile', [['mobile/instant/error', {}], ['mobile/otp/start', {}]]],
    ]) {
      const flow = await begin('/v3/verify', { possessionType: type, phoneNumber: '2001009002', firstName: 'Ada', lastName: 'Lovelace' });
      for (const [name, json] of steps) await call(`browser ${name}`, { path: `/v1/client/${name}`, token: flow.authToken, json });
      await call('time passes', { path: '/sandbox/clock', json: { advanceSeconds: seconds } });
      await call(what, { path: '/v1/client/mobile/otp/finish', token: flow.authToken, json: { otp: '1234' } });
      await look(flow, '/v3/verify-status');
    }
  }
}
