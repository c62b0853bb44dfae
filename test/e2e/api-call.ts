import { request } from 'node:https';

/** Sends one JSON request to the appliance as a program without a browser does; rejects on other than 2xx. */
export async function apiCall(
  method: string,
  url: string,
  body: object | null,
  token = '',
  // biome-ignore lint/suspicious/noExplicitAny: the tests know what is in there
): Promise<any> {
  const headers = {
    ...(body && { 'Content-Type': 'application/json' }),
    ...(token && { Authorization: `Bearer ${token}` }),
  };
  const { status, text } = await new Promise<{ status: number; text: string }>(
    (resolve, reject) => {
      // The certificate was made a moment ago; its checks are tested elsewhere.
      const options = { method, headers, agent: false, rejectUnauthorized: false };
      const sent = request(url, options, (reply) => {
        let received = '';
        reply.on('data', (chunk) => {
          received += chunk;
        });
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: received }));
      });
      sent.on('error', reject);
      sent.end(body ? JSON.stringify(body) : undefined);
    },
  );
  if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
