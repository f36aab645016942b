import { createError } from './createError.js';
import { readAnswer, type Answer } from './readAnswer.js';
import type { AuthToken } from './readToken.js';

// Client protocol: a text "ping" every 30 seconds, answered "pong" before the next.
const pingInterval = 30_000;

/** Pauses before each attempt to reopen, in milliseconds: over a minute in all, so that a server may restart meanwhile. */
const pauses = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000];

/**
 * Resolves with the result of the flow, which the server sends once, or at once if it is decided already; that is why a lost socket
 * may simply be opened again. Rejects with `network` when it cannot be. Aborting closes the socket and never settles.
 */
export function watchStatus(token: AuthToken, WebSocket: typeof globalThis.WebSocket, signal: AbortSignal): Promise<Answer> {
  const url = `${token.origin.replace(/^http/, 'ws')}/v1/client/status?token=${encodeURIComponent(token.text)}`;

  return new Promise((resolve, reject) => {
    let losses = 0;
    let close = () => {};
    signal.addEventListener('abort', () => close());
    if (!signal.aborted) open();

    function open() {
      let isAlive = true;
      let pings: ReturnType<typeof setInterval> | undefined;
      let socket: WebSocket | undefined;

      close = () => {
        clearInterval(pings);
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
      };

      try {
        socket = new WebSocket(url);
      } catch {
        return lost();
      }

      socket.onopen = () => {
        pings = setInterval(() => {
          if (!isAlive) return lost();
          isAlive = false;
          socket!.send('ping');
        }, pingInterval);
      };
      socket.onmessage = ({ data }) => {
        // Only a socket that has said something counts as a good one; else a server that accepts and hangs up is asked for ever.
        losses = 0;
        isAlive = true;
        if (data === 'pong') return;
        close();
        try {
          resolve(readAnswer(data));
        } catch (error) {
          reject(error);
        }
      };
      socket.onclose = lost;
    }

    function lost() {
      close();
      const pause = pauses[losses++];
      if (pause === undefined) return reject(createError('network', 'The connection to the server was lost'));
      // Spread, so that a restarted server does not get all browsers back in one instant.
      const timer = setTimeout(open, pause * (1 - Math.random() / 2));
      close = () => clearTimeout(timer);
    }
  });
}
