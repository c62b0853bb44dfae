import type { Socket } from 'node:net';
import { ERRORS, type ErrorBody, type ErrorCode } from '../protocol/error-codes.js';

/** How long a client has to take the answer and to end the connection. */
const GOODBYE_MS = 1000;

/** Answers what is no HTTP request: unreadable, too slow or too large. The connection ends with it. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Only an HTTP error can be answered. After a TLS error, or its handshake's timeout, an end() would wait for ever.
  if (!socket.writable || !/^(HPE|ERR_HTTP)_/.test(error.code ?? '')) {
    socket.destroy();
    return;
  }
  // A client that does not read the answer never ends its side.
  socket.setTimeout(GOODBYE_MS, () => socket.destroy());
  const code = codeOf(error.code);
  const { status, message } = ERRORS[code];
  const content: ErrorBody = { error: code, message };
  const body = JSON.stringify(content);
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function codeOf(code: string | undefined): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-request';
}
