/** A frame that a video element has on the screen. */
export interface WatchedFrame {
  mediaSeconds: number;
  width: number;
  height: number;
  /** performance.now() when it was (or is about to be) on the screen. */
  atMs: number;
}

/** Tells of each new frame of a video element until `signal` ends. */
export function watchFrames(
  video: HTMLVideoElement,
  signal: AbortSignal,
  drawn: (frame: WatchedFrame) => void,
): void {
  if ('requestVideoFrameCallback' in video) watchByCallback(video, signal, drawn);
  else watchByCount(video, signal, drawn);
}

function watchByCallback(
  video: HTMLVideoElement,
  signal: AbortSignal,
  drawn: (frame: WatchedFrame) => void,
): void {
  const next = (_now: number, metadata: VideoFrameCallbackMetadata) => {
    if (signal.aborted) return;
    video.requestVideoFrameCallback(next);
    const { mediaTime: mediaSeconds, width, height, expectedDisplayTime: atMs } = metadata;
    drawn({ mediaSeconds, width, height, atMs });
  };
  video.requestVideoFrameCallback(next);
}

/** Firefox before 132: at each refresh of the screen, whether frames were decoded since the last one. */
function watchByCount(
  video: HTMLVideoElement,
  signal: AbortSignal,
  drawn: (frame: WatchedFrame) => void,
): void {
  let seen = 0;
  const look = (atMs: number) => {
    if (signal.aborted) return;
    requestAnimationFrame(look);
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    if (totalVideoFrames === seen || video.videoWidth === 0) return;
    seen = totalVideoFrames;
    const { currentTime: mediaSeconds, videoWidth: width, videoHeight: height } = video;
    drawn({ mediaSeconds, width, height, atMs });
  };
  requestAnimationFrame(look);
}
