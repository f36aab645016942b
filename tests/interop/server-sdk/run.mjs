// Drives the published TypeScript server SDK against a server and prints one JSON document of what it got.
//
//   node run.mjs <base URL>                        the whole round
//   node run.mjs <base URL> status <correlationId> one verify-status, for a flow a browser has gone through
//
// Every family has its part in `results`: verify, preFill, identity, unify, and `errors` for the refusals.
//
// Credentials: COUNTERSIGN_CLIENT_ID and COUNTERSIGN_CLIENT_SECRET.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Proveapi } = require('@prove-identity/prove-api');
const { HTTPClient } = require('@prove-identity/prove-api/lib/http.js');
const { SDKValidationError } = require('@prove-identity/prove-api/models/errors/sdkvalidationerror.js');

const [serverURL = process.env.COUNTERSIGN_URL, command, correlationId] = process.argv.slice(2);
const clientId = process.env.COUNTERSIGN_CLIENT_ID;
const clientSecret = process.env.COUNTERSIGN_CLIENT_SECRET;
if (!serverURL || !clientId || !clientSecret) {
  console.error('Usage: COUNTERSIGN_CLIENT_ID=… COUNTERSIGN_CLIENT_SECRET=… node run.mjs <base URL> [status <correlationId>]');
  process.exit(2);
}

/** Of the last answer: the SDK's errors keep the code but not the HTTP status. */
let lastStatus = null;
async function fetcher(input, init) {
  const response = await (init == null ? fetch(input) : fetch(input, init));
  lastStatus = response.status;
  return response;
}

/** The sandbox's user who needs a browser, and the one who does not. */
const waits = { phoneNumber: '2001004012', firstName: 'Kurt', lastName: 'Mathen' };
const passes = { phoneNumber: '2001004011', firstName: 'Sheilakathryn', lastName: 'Butrimovich' };

const v3 = sdk(clientId, clientSecret);
const results = {};
let failure;
try {
  if (command === 'status') results.verifyStatus = await verifyStatus(correlationId);
  else await wholeRound();
} catch (error) {
  failure = error;
}
console.log(JSON.stringify(results, null, 2));
if (failure) {
  console.error(failure);
  process.exitCode = 1;
}

async function wholeRound() {
  results.token = await token(v3, clientId, clientSecret);
  assert.equal(results.token.tokenType, 'Bearer');
  assert.equal(results.token.expiresIn, 3600);
  assert.ok(results.token.accessToken);

  results.verify = {
    mobile: await verify({ ...waits, possessionType: 'mobile', clientRequestId: 'interop-mobile', allowOTPRetry: true }),
    desktop: await verify({ ...waits, possessionType: 'desktop', finalTargetUrl: 'https://app.example.com/done' }),
    none: await verify({ ...passes, possessionType: 'none' }),
  };
  for (const { success, possessionResult, verifyResult, correlationId, authToken } of [results.verify.mobile, results.verify.desktop]) {
    assert.deepEqual({ success, possessionResult, verifyResult }, { success: 'pending', possessionResult: 'pending', verifyResult: 'pending' });
    assert.match(correlationId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(authToken.split('.').length, 3);
  }
  const { success, possessionResult, verifyResult, authToken } = results.verify.none;
  assert.deepEqual({ success, possessionResult, verifyResult }, { success: 'true', possessionResult: 'not_applicable', verifyResult: 'success' });
  assert.equal(authToken, undefined);

  results.verifyStatus = await verifyStatus(results.verify.mobile.correlationId);
  for (const name of ['success', 'possessionResult', 'verifyResult']) assert.equal(results.verifyStatus[name], 'pending');

  results.preFill = await preFillRound();
  results.identity = await identityRound();
  results.unify = await unifyRound();

  results.errors = {
    notAuthorizedStart: await refusal(() =>
      withoutCredentials().v3StartRequest({ flowType: 'mobile', phoneNumber: '2001001695' })),
    unknownNumberStart: await refusal(() => v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2005550123' })),
    otherProductStart: await refusal(() => v3.v3StartRequest({ flowType: 'mobile', phoneNumber: waits.phoneNumber })),
    missingFlowType: await refusal(() => v3.v3StartRequest({ flowType: '', phoneNumber: '2001001695' })),
    challengeBeforeValidate: await refusal(async () => {
      const { correlationId } = (await v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2001001695', ssn: '0596' })).v3StartResponse;
      await v3.v3ChallengeRequest({ correlationId });
    }),
    otherProductsFlow: await refusal(() => v3.v3ValidateRequest({ correlationId: results.verify.mobile.correlationId })),
    otherProductUnify: await refusal(() => v3.v3UnifyRequest({ possessionType: 'mobile', phoneNumber: '2001001695' })),
    bindOutOfOrder: await refusal(() =>
      v3.v3UnifyBindRequest({ correlationId: results.unify.correlationId, phoneNumber: '2001004018' })),
    incompleteIndividual: await refusal(async () => {
      const { correlationId } = (await v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2001004000' })).v3StartResponse;
      await v3.v3ValidateRequest({ correlationId });
      await v3.v3CompleteRequest({ correlationId, individual: { firstName: 'Martina' } });
    }),
    unknownNumber: await refusal(() => verify({ ...waits, phoneNumber: '2005550123', possessionType: 'mobile' })),
    wrongCredentials: await refusal(() => token(sdk(clientId, 'wrong'), clientId, 'wrong')),
    wrongCredentialsOnCall: await refusal(() => sdk(clientId, 'wrong').v3VerifyRequest({ ...waits, possessionType: 'mobile' })),
    malformedCorrelationId: await refusal(() => verifyStatus('not-a-correlation-id')),
    unknownCorrelationId: await refusal(() => verifyStatus('00000000-0000-7000-8000-000000000000')),
    missingTargetUrl: await refusal(() => verify({ ...waits, possessionType: 'desktop' })),
  };
  const expected = {
    unknownNumber: [400, 8007],
    wrongCredentials: [401, 8002],
    malformedCorrelationId: [400, 8001],
    unknownCorrelationId: [400, 8008],
    missingTargetUrl: [400, 8001],
    // The SDK fetches its token by itself and keeps nothing of the answer but that it failed.
    wrongCredentialsOnCall: [401, null],
    notAuthorizedStart: [401, 8002],
    unknownNumberStart: [400, 8007],
    otherProductStart: [403, 8009],
    missingFlowType: [400, 8001],
    challengeBeforeValidate: [403, 8003],
    otherProductsFlow: [400, 8008],
    otherProductUnify: [403, 8009],
    bindOutOfOrder: [403, 8003],
    incompleteIndividual: [400, 8001],
  };
  for (const [name, [status, code]] of Object.entries(expected)) {
    const error = results.errors[name];
    assert.deepEqual({ status: error.status, code: error.code }, { status, code }, name);
    assert.equal(typeof error.message, 'string', name);
  }
}

/** start, validate, challenge, complete: nothing here fails the SDK's own types. */
async function preFillRound() {
  const start = (await v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2001001695', ssn: '0596' })).v3StartResponse;
  assert.deepEqual(start.next, { 'v3-validate': '/v3/validate' });
  const { correlationId } = start;
  const validate = (await v3.v3ValidateRequest({ correlationId })).v3ValidateResponse;
  assert.deepEqual(
    { ...validate },
    { success: true, challengeMissing: false, phoneNumber: '2001001695', next: { 'v3-challenge': '/v3/challenge' } },
  );
  const challenge = (await v3.v3ChallengeRequest({ correlationId, dob: '1981-01' })).v3ChallengeResponse;
  assert.equal(challenge.success, true);
  assert.deepEqual(challenge.next, { 'v3-complete': '/v3/complete' });
  const { individual } = challenge;
  assert.deepEqual(
    { firstName: individual.firstName, lastName: individual.lastName, dob: individual.dob, ssn: individual.ssn },
    { firstName: 'Milo', lastName: 'Pinson', dob: '1981-01-17', ssn: '847350596' },
  );
  const complete = (await v3.v3CompleteRequest({ correlationId, individual })).v3CompleteResponse;
  assert.equal(complete.success, true);
  assert.deepEqual(complete.next, { done: 'done' });
  return { start, validate, challenge, complete };
}

/** The same without a challenge. */
async function identityRound() {
  const start = (
    await v3.v3StartRequest({ flowType: 'desktop', phoneNumber: '2001004000', finalTargetUrl: 'https://app.example.com/done' })
  ).v3StartResponse;
  const { correlationId } = start;
  const validate = (await v3.v3ValidateRequest({ correlationId })).v3ValidateResponse;
  assert.deepEqual(
    { success: validate.success, challengeMissing: validate.challengeMissing, next: validate.next },
    { success: true, challengeMissing: false, next: { 'v3-complete': '/v3/complete' } },
  );
  const individual = { firstName: 'Martina', lastName: 'Goodram', dob: '1995-07', ssn: '9347' };
  const complete = (await v3.v3CompleteRequest({ correlationId, individual })).v3CompleteResponse;
  assert.equal(complete.success, true);
  assert.deepEqual(complete.next, { done: 'done' });
  return { start, validate, complete };
}

async function unifyRound() {
  const unify = await bodyOf(
    'V3UnifyResponse',
    v3.v3UnifyRequest({ possessionType: 'mobile', phoneNumber: '2001004018', clientRequestId: 'interop-unify', allowOTPRetry: true }),
  );
  assert.equal(unify.success, 'pending');
  assert.equal(unify.authToken.split('.').length, 3);
  const { correlationId } = unify;
  const status = await bodyOf('V3UnifyStatusResponse', v3.v3UnifyStatusRequest({ correlationId }));
  assert.equal(status.success, 'true');
  assert.equal(status.phoneNumber, '2001004018');
  assert.equal(status.deviceId, undefined);

  const own = await bodyOf('V3UnifyResponse', v3.v3UnifyRequest({ possessionType: 'none', phoneNumber: '2001004014' }));
  const required = await bodyOf('V3UnifyStatusResponse', v3.v3UnifyStatusRequest({ correlationId: own.correlationId }));
  assert.equal(required.success, 'possession_required');
  const bind = await bodyOf('V3UnifyBindResponse', v3.v3UnifyBindRequest({ correlationId: own.correlationId, phoneNumber: '2001004014' }));
  assert.equal(bind.success, 'true');
  return { correlationId, unify, status, required, bind };
}

function withoutCredentials() {
  return new Proveapi({ serverURL, httpClient: new HTTPClient({ fetcher }) }).v3;
}

function sdk(clientID, clientSecret) {
  return new Proveapi({ serverURL, httpClient: new HTTPClient({ fetcher }), security: { clientID, clientSecret } }).v3;
}

async function token(v3, clientId, clientSecret) {
  return (await v3.v3TokenRequest({ clientId, clientSecret, grantType: 'client_credentials' })).v3TokenResponse;
}

function verify(request) {
  return bodyOf('V3VerifyResponse', v3.v3VerifyRequest(request));
}

function verifyStatus(correlationId) {
  return bodyOf('V3VerifyStatusResponse', v3.v3VerifyStatusRequest({ correlationId }));
}

/** The SDK's types want objects where the contract says strings: then what it received is in the raw value of its complaint. */
async function bodyOf(name, call) {
  try {
    const result = await call;
    return { ...result[name[0].toLowerCase() + name.slice(1)], parsed: true };
  } catch (error) {
    if (!(error instanceof SDKValidationError) || !error.rawValue?.[name]) throw error;
    return { ...error.rawValue[name], parsed: false };
  }
}

/** What the SDK throws for an answer that is not 2xx. */
async function refusal(call) {
  lastStatus = null;
  try {
    await call();
  } catch (error) {
    return { name: error.name, status: lastStatus, code: error.code ?? null, message: error.message };
  }
  throw new assert.AssertionError({ message: `Not refused: ${call}` });
}
