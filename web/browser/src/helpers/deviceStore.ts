import { onDevice } from './onDevice.js';

/** What this browser is to a server. The private key cannot leave the browser, not even as far as the page. */
export interface Device {
  /** One device for each: the server's name for what the key is good for. */
  readonly namespace: string;
  readonly keys: CryptoKeyPair;
  readonly keyId: string;
  /** Given by the server. Absent until it has registered the key. */
  readonly deviceId?: string;
  /** Origin of the server that has registered the key. */
  readonly endpoint: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

// Stored names are for ever.
const name = 'Countersign';
const store = 'devices';

export function findDevice(namespace: string): Promise<Device | undefined> {
  return inStore('readonly', (devices) => devices.get(namespace));
}

export function allDevices(): Promise<Device[]> {
  return inStore('readonly', (devices) => devices.getAll());
}

export function saveDevice(device: Device): Promise<unknown> {
  return inStore('readwrite', (devices) => devices.put(device));
}

export function removeDevice(namespace: string): Promise<unknown> {
  return inStore('readwrite', (devices) => devices.delete(namespace));
}

/** Removes every device and the database itself. */
export function removeAllDevices(): Promise<unknown> {
  return onDevice(() => result(indexedDB.deleteDatabase(name)));
}

function inStore<T>(mode: IDBTransactionMode, ask: (devices: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return onDevice(async () => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: 'namespace' });
    const database = await result(opening);
    try {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      // Not when the request has succeeded: only what is committed is stored.
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      return request.result;
    } finally {
      database.close();
    }
  });
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
