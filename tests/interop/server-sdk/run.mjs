// Drives the published TypeScript server SDK against a server and prints one JSON document of what it got.
//
//   node run.mjs <base URL>                        the whole round
//   node run.mjs <base URL> status <correlationId> one verify-status, for a flow a browser has gone through
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

  results.errors = {
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
  };
  for (const [name, [status, code]] of Object.entries(expected)) {
    const error = results.errors[name];
    assert.deepEqual({ status: error.status, code: error.code }, { status, code }, name);
    assert.equal(typeof error.message, 'string', name);
  }
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
