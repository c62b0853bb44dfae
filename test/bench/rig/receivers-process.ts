/** The process of the receivers, so that their work is not counted as the appliance's. It ends with its parent. */
import { ApplianceClient } from './appliance-client.js';
import type { ReceiverReply, ReceiverRequest } from './child-messages.js';
import { Receiver } from './receiver.js';

const receivers: Receiver[] = [];
let client: ApplianceClient | undefined;

async function answer(request: ReceiverRequest): Promise<number[] | undefined> {
  switch (request.kind) {
    case 'sign-in':
      client = new ApplianceClient(request.url);
      await client.signIn(request.claimCode);
      break;
    case 'join': {
      const receiver = new Receiver();
      receivers.push(receiver);
      receiver.accept((await client?.watch(await receiver.offer())) ?? '');
      break;
    }
    case 'leave':
      for (const receiver of receivers.splice(0)) receiver.close();
      break;
    case 'leave-last':
      receivers.pop()?.close();
      break;
    case 'echo':
      return await receivers[0]?.echo(request.durationMs);
    case 'count':
      break;
  }
  return undefined;
}

const count = (roundTripsMs?: number[]): ReceiverReply => ({
  ...(roundTripsMs && { roundTripsMs }),
  packets: receivers.reduce((sum, { packets }) => sum + packets, 0),
  bytes: receivers.reduce((sum, { bytes }) => sum + bytes, 0),
});

process.on('message', (request: ReceiverRequest) => {
  answer(request).then(
    (roundTripsMs) => process.send?.(count(roundTripsMs)),
    (error: unknown) => process.send?.({ error: String(error) } satisfies ReceiverReply),
  );
});
process.on('disconnect', () => process.exit(0));
