/**
 * A P-256 signature as ASN.1 DER, which the wire wants, out of r||s, which WebCrypto gives. A DER integer has no leading zeros, but one
 * where its first bit is set: without it the number would be negative.
 */
export function toDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].flatMap((half) => {
    const value = [...half.subarray(half.findIndex((byte) => byte > 0))];
    if (value[0]! > 127) value.unshift(0);
    return [2, value.length, ...value];
  });
  return Uint8Array.of(48, integers.length, ...integers);
}
