// Checks a receipt as a third party does: with the npm package jose, the published keys and nothing of ours.
//
//   node verify.mjs < {"receipt": …, "disclosures": […], "jwks": {…}}
//
// Prints what the receipt says, what its disclosures open, and which receipts with one changed byte were taken all the same.
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { base64url, createLocalJWKSet, jwtVerify } from 'jose';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const { receipt, disclosures, jwks } = JSON.parse(await text(process.stdin));
const keys = createLocalJWKSet(jwks);
const options = { algorithms: ['ES256'], typ: 'cs-receipt+sd-jwt', audience: 'countersign-receipt' };

const { payload, protectedHeader } = await jwtVerify(receipt, keys, options);

// RFC 9901, section 7.1.
const opened = {};
for (const disclosure of disclosures) {
  const digest = createHash('sha256').update(disclosure, 'ascii').digest('base64url');
  const [, name, value] = JSON.parse(new TextDecoder().decode(base64url.decode(disclosure)));
  if (payload._sd.includes(digest)) opened[name] = value;
}

// Six bits stand in a character; the upper one counts even in the last, where the lower ones are padding.
const taken = [];
for (let i = 0; i < receipt.length; i++) {
  const at = alphabet.indexOf(receipt[i]);
  const changed = receipt.slice(0, i) + (at < 0 ? '~' : alphabet[at ^ 32]) + receipt.slice(i + 1);
  await jwtVerify(changed, keys, options).then(
    () => taken.push(i),
    () => {},
  );
}

console.log(JSON.stringify({ payload, protectedHeader, opened, changed: receipt.length, taken }));
