type Handler<T> = ((event: T) => void) | null;

export interface FakeSocket {
  readonly url: string;
  readonly sent: string[];
  isClosed: boolean;
  open(): void;
  say(message: unknown): void;
  lose(): void;
}

/** A WebSocket constructor, and every socket it made. */
export function fakeSockets() {
  const sockets: FakeSocket[] = [];

  class FakeWebSocket implements FakeSocket {
    onopen: Handler<unknown> = null;
    onmessage: Handler<{ data: unknown }> = null;
    onclose: Handler<unknown> = null;
    readonly sent: string[] = [];
    isClosed = false;

    constructor(readonly url: string) {
      sockets.push(this);
    }

    open() {
      this.onopen?.({});
    }

    say(message: unknown) {
      this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
    }

    lose() {
      this.isClosed = true;
      this.onclose?.({ code: 1006 });
    }

    send(text: string) {
      this.sent.push(text);
    }

    close() {
      this.isClosed = true;
    }
  }

  return { sockets, WebSocket: FakeWebSocket as unknown as typeof globalThis.WebSocket };
}
