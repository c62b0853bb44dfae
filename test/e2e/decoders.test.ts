import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';

/** Browsers that lack a part, made from Chromium by taking the part away before the page loads. */
const unit = ClaimedUnit.forTests();

/** As Firefox without its OpenH264 plug-in. */
function withoutH264InWebRtc(): void {
  const capabilities = RTCRtpReceiver.getCapabilities;
  RTCRtpReceiver.getCapabilities = (kind) => {
    const all = capabilities.call(RTCRtpReceiver, kind);
    const codecs = all?.codecs.filter(({ mimeType }) => mimeType !== 'video/H264') ?? [];
    return all && { ...all, codecs };
  };
}

/** WebCodecs that are there and decode nothing of ours. */
function withFailingDecoder(): void {
  const NativeDecoder = VideoDecoder;
  globalThis.VideoDecoder = class extends NativeDecoder {
    override configure(): void {
      throw new DOMException('not here', 'NotSupportedError');
    }
  };
}

const open = (search: string, ...scripts: Array<() => void>) => unit.open(search, { scripts });

test('without H.264 in WebRTC the page chooses the WebSocket by itself and says so', async () => {
  const viewer = await open('', withoutH264InWebRtc);
  await viewer.ready();
  assert.equal(await viewer.state('transport'), 'websocket');
  await viewer.page.getByText('This browser has no H.264 in WebRTC').waitFor();
  assert.deepEqual(viewer.errors, []);
  await viewer.close();
});

test('with a decoder for neither transport the page says so and takes no place of a viewer', async () => {
  const before = unit.appliance.log.length;
  const viewer = await open('', withoutH264InWebRtc, () => {
    Reflect.deleteProperty(globalThis, 'VideoDecoder');
    Reflect.deleteProperty(globalThis, 'MediaSource');
  });
  await viewer.page
    .getByRole('heading', { name: 'This browser cannot show the picture' })
    .waitFor();
  await viewer.page.getByText('neither in WebRTC nor in WebCodecs').first().waitFor();
  const created = unit.appliance.log.slice(before).filter(({ message }) => /created/.test(message));
  assert.deepEqual(created, []);
  assert.deepEqual(viewer.errors, []);
  await viewer.close();
});

test('without WebRTC an address that asks for it is answered with the same words', async () => {
  const viewer = await open('?transport=webrtc', () => {
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
  });
  await viewer.page
    .getByRole('heading', { name: 'This browser cannot show the picture' })
    .waitFor();
  await viewer.page.getByText('?transport=').first().waitFor();
  await viewer.close();
});

test('a decoder that fails at every keyframe is given up and does not ask for keyframes for ever', async () => {
  const viewer = await open('?transport=ws', withFailingDecoder);
  await viewer.page
    .getByRole('heading', { name: 'This browser cannot show the picture' })
    .waitFor();
  assert.equal(await viewer.state('phase'), 'ended');
  await viewer.close();
});
