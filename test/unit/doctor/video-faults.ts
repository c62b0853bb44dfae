import type { Fault } from './fault.js';

const failure = (code: string) => Object.assign(new Error(`${code}, VIDIOC`), { code });
const noSignal = (state: 'no-cable' | 'no-signal' | 'no-sync' | 'unsupported-timings') => ({
  state,
  width: 0,
  height: 0,
  frameRate: 0,
});

/** The way of the picture. */
export const VIDEO_FAULTS: readonly Fault[] = [
  [
    'no capture device',
    (b) => b.remove('/dev/video0'),
    'capture device',
    'fail',
    /There is no \/dev\/video0/,
    /--device/,
  ],
  [
    'a capture device of others',
    (b) => b.forbidden.add('/dev/video0'),
    'capture device',
    'fail',
    /ada may not use \/dev\/video0/,
    /usermod -aG video ada/,
  ],
  [
    'a device that captures nothing',
    (b) => {
      b.formats = [];
    },
    'capture device',
    'fail',
    /\(unicam\) captures no pictures/,
    /--device/,
  ],
  [
    'a node that is no video device',
    (b) => {
      b.formats = failure('ENOTTY');
    },
    'capture device',
    'fail',
    /cannot be asked: ENOTTY/,
    /--device/,
  ],
  [
    'a bridge that does not answer',
    (b) => b.remove('/sys/bus/i2c/drivers/tc358743/10-000f'),
    'HDMI bridge',
    'fail',
    /found no chip/,
    /ribbon cable/,
  ],
  [
    'no HDMI cable',
    (b) => {
      b.signal = noSignal('no-cable');
    },
    'HDMI signal',
    'fail',
    /no 5 V/,
    /both ends/,
  ],
  [
    'a source that is off',
    (b) => {
      b.signal = noSignal('no-signal');
    },
    'HDMI signal',
    'fail',
    /no picture signal/,
    /wake it up/,
  ],
  [
    'a signal without lock',
    (b) => {
      b.signal = noSignal('no-sync');
    },
    'HDMI signal',
    'fail',
    /cannot lock/,
    /shorter HDMI cable/,
  ],
  [
    'a mode that is too large',
    (b) => {
      b.signal = noSignal('unsupported-timings');
    },
    'HDMI signal',
    'fail',
    /does not fit/,
    /--edid/,
  ],
  [
    'a capture device in use',
    (b) => {
      b.signal = failure('EBUSY');
    },
    'HDMI signal',
    'note',
    /Another program captures/,
  ],
  [
    'a capture device that breaks',
    (b) => {
      b.signal = failure('EIO');
    },
    'HDMI signal',
    'fail',
    /cannot capture: EIO/,
    /dmesg/,
  ],
  [
    'no EDID',
    (b) => {
      b.edid = null;
    },
    'EDID',
    'note',
    /sees no display/,
    /as soon as it runs/,
  ],
  [
    'a broken EDID',
    (b) => {
      b.edid = new Uint8Array(128);
    },
    'EDID',
    'fail',
    /byte 1: the header has/,
    /writes its own/,
  ],
  [
    'a device without an EDID',
    (b) => {
      b.edid = failure('ENOTTY');
    },
    'EDID',
    'note',
    /none that could be read/,
  ],
  [
    'no encoder',
    (b) => {
      b.encoders = [];
    },
    'encoder',
    'fail',
    /in software/,
    /bcm2835-codec/,
  ],
  [
    'an encoder of others',
    (b) => {
      b.encoders = [];
      b.forbidden.add('/dev/video11');
    },
    'encoder',
    'fail',
    /ada may not use \/dev\/video11/,
    /usermod/,
  ],
  [
    'an encoder that takes other pictures',
    (b) => {
      b.encoders = [{ path: '/dev/video11', name: 'x', formats: ['GREY'] }];
    },
    'encoder',
    'fail',
    /in software/,
    /./,
  ],
  [
    'an encoder that is none',
    (b) => {
      b.config = b.flags('--encoder', '/dev/video12');
    },
    'encoder',
    'fail',
    /video12 is no device that encodes/,
    /./,
  ],
  [
    'software as asked',
    (b) => {
      b.config = b.flags('--encoder', 'software');
    },
    'encoder',
    'note',
    /as --encoder says/,
  ],
  [
    'no dma_heap',
    (b) => b.remove('/dev/dma_heap'),
    'shared picture memory (dma_heap)',
    'note',
    /no \/dev\/dma_heap/,
  ],
  [
    'a dma_heap of root',
    (b) => b.forbidden.add('/dev/dma_heap/linux,cma'),
    'shared picture memory (dma_heap)',
    'note',
    /ada may not use linux,cma/,
  ],
];
