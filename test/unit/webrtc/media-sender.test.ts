import { NativeMediaSender } from '../../../server/webrtc/native-media-sender.js';
import { MediaInternals } from '../../../server/webrtc/werift-media-internals.js';
import { describeMediaSender } from '../../contract/media-sender-contract.js';
import { createWeriftSender, fakeDtls } from './fake-dtls.js';

describeMediaSender('the native sender', (video, streams, keys, receiver) => {
  const sender = new NativeMediaSender(video, streams, keys);
  sender.setRoute(receiver.route);
  return sender;
});

describeMediaSender('the sender by way of werift', (video, streams, keys, receiver) => {
  const dtls = fakeDtls(keys);
  return createWeriftSender(video, streams, new MediaInternals(dtls), (payload, header) =>
    receiver.send(dtls.srtp.encrypt(payload, header)),
  );
});
