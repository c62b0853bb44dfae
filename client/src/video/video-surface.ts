import type { PictureCounts, PictureSurface, ShownPicture } from './picture.js';

/**
 * A WebRTC track in a <video>: with the playout-delay extension at 0/0 the fastest way to the screen that
 * browsers have (measured against encoded transforms, track processors and WebCodecs).
 */
export class VideoSurface implements PictureSurface {
  #element: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #receiver: RTCRtpReceiver;
  #closed = false;

  constructor(receiver: RTCRtpReceiver, shown: (picture: ShownPicture) => void) {
    this.#receiver = receiver;
    this.#video = document.createElement('video');
    this.#element = this.#video;
    this.#video.muted = true;
    this.#video.autoplay = true;
    this.#video.playsInline = true;
    this.#video.disablePictureInPicture = true;
    this.#video.srcObject = new MediaStream([receiver.track]);
    const next = (_now: number, metadata: VideoFrameCallbackMetadata) => {
      if (this.#closed) return;
      this.#video.requestVideoFrameCallback(next);
      shown({
        rtpTimestamp: metadata.rtpTimestamp ?? 0,
        width: metadata.width,
        height: metadata.height,
        atMs: metadata.expectedDisplayTime,
      });
    };
    this.#video.requestVideoFrameCallback(next);
    this.moved();
  }

  get element(): HTMLElement {
    return this.#element;
  }

  /** Browsers pause a <video> that leaves its place. */
  moved(): void {
    // Muted autoplay is always allowed; a rejection only means that the element was closed meanwhile.
    if (!this.#closed) this.#video.play().catch(() => {});
  }

  async counts(): Promise<PictureCounts> {
    for (const report of (await this.#receiver.getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      const packets = report.packetsReceived + report.packetsLost;
      return {
        frames: report.framesDecoded ?? 0,
        bytes: report.bytesReceived,
        lostPercent: packets > 0 ? (Math.max(0, report.packetsLost) * 100) / packets : 0,
      };
    }
    return { frames: 0, bytes: 0, lostPercent: null };
  }

  /** A <video> goes black when its connection closes: a still of its last picture takes its place. */
  freeze(): void {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#closed || this.#element !== this.#video || width === 0) return;
    const still = document.createElement('canvas');
    still.width = width;
    still.height = height;
    still.style.cssText = this.#video.style.cssText;
    still.getContext('2d', { alpha: false })?.drawImage(this.#video, 0, 0);
    this.#video.replaceWith(still);
    this.#element = still;
  }

  close(): void {
    this.#closed = true;
    this.#video.srcObject = null;
    this.#element.remove();
  }
}
