import { verify } from 'node:crypto';
import type { TestContext } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';

/** Gives the browser of this test a database, empty. */
export function withDatabase(t: TestContext): IDBFactory {
  const database = new IDBFactory();
  replace(t, 'indexedDB', database);
  return database;
}

/** Lets this browser have another `globalThis[name]` until the test is over. */
export function replace(t: TestContext, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, name, before);
    else delete (globalThis as Record<string, unknown>)[name];
  });
}

export interface Registration {
  readonly publicKey: { readonly id: string; readonly alg: string; readonly key: string; readonly uvLevel: number };
  readonly signature: string;
}

/** Checks a signature as a server does: DER in base64, over SHA-256 of the text. */
export function isSigned(text: string, signature: string, { publicKey }: Registration): boolean {
  return verify('sha256', Buffer.from(text), publicKey.key, Buffer.from(signature, 'base64'));
}
