import {
  captureFormats,
  createPipeline,
  type EncoderDevice,
  listEncoders,
  type NativeSignal,
  readEdid,
} from '../../native/index.js';

/** How long a source may take to be recognised. */
const SIGNAL_DEADLINE_MS = 5000;

/** The devices that only the addon can ask; tests bring their own. */
export interface DoctorDevices {
  /** Throws errors of the device. */
  captureFormats(path: string): string[];
  readEdid(path: string): Uint8Array | null;
  listEncoders(): EncoderDevice[];
  /** What the input sees, by a pipeline of its own. Rejects with errors of the device. */
  probeSignal(path: string): Promise<NativeSignal>;
}

export const nativeDevices: DoctorDevices = {
  captureFormats,
  readEdid,
  listEncoders,
  probeSignal: (path) =>
    new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(deadline);
        // Not from inside its own callback.
        setImmediate(() => pipeline.close());
      };
      const pipeline = createPipeline(
        {
          source: { kind: 'capture-device', path },
          encoder: { kind: 'software' },
          bitrateBps: 1_000_000,
          frameRate: 1,
        },
        {
          accessUnit: () => {},
          signal: (signal) => {
            resolve(signal);
            finish();
          },
          failed: (error) => {
            reject(error);
            finish();
          },
        },
      );
      const deadline = setTimeout(() => {
        reject(new Error('the device does not say what it sees'));
        finish();
      }, SIGNAL_DEADLINE_MS);
      try {
        pipeline.start();
      } catch (error) {
        reject(error);
        finish();
      }
    }),
};
