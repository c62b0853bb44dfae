import type { Canvas } from '../canvas.js';
import { BOLD_FONT, UI_FONT } from '../font.js';
import { line } from '../shapes.js';
import type { StageHost } from '../stage.js';
import type { WindowContent } from './window-content.js';

const SAMPLES = 64;
const PERIOD_MS = 500;
const MARGIN = 16;
const GRAPH_HEIGHT = 74;
const PAPER = 0xf6f4f1;
const INK = 0x2a2440;
const DIM = 0x77708c;

interface Curve {
  samples: number[];
  color: number;
}

/** Graphs that grow by two samples a second, from the PC's random numbers. */
export class MonitorContent implements WindowContent {
  readonly title = 'System Monitor';
  readonly width = 340;
  readonly height = 242;
  readonly light = true;
  readonly #host: StageHost;
  readonly #stop: () => void;
  readonly #cpu: Curve[] = [
    { samples: [], color: 0x3b6fd0 },
    { samples: [], color: 0xe2703a },
  ];
  readonly #network: Curve[] = [{ samples: [], color: 0x2f9460 }];
  #burstLeft = 0;
  #changed = true;

  constructor(host: StageHost) {
    this.#host = host;
    for (let sample = 0; sample < SAMPLES; sample++) this.#sample();
    this.#stop = host.timers.every(PERIOD_MS, () => this.#sample(), true);
  }

  #sample(): void {
    const { random } = this.#host;
    if (this.#burstLeft > 0) this.#burstLeft--;
    else if (random() < 0.04) this.#burstLeft = 4 + Math.floor(random() * 6);
    const push = ({ samples }: Curve, calm: number, burst: number) => {
      const last = samples.at(-1) ?? calm;
      const target = this.#burstLeft > 0 ? burst : calm;
      samples.push(last + (target - last) * 0.35 + (random() - 0.5) * 0.09);
      if (samples.length > SAMPLES) samples.shift();
    };
    for (const [index, curve] of this.#cpu.entries()) push(curve, 0.24 - index * 0.1, 0.72);
    for (const curve of this.#network) push(curve, 0.3, 0.8);
    this.#changed = true;
  }

  get paintDueMs(): number {
    return this.#changed ? this.#host.timers.nowMs : Number.POSITIVE_INFINITY;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    if (!this.#changed && !full) return false;
    this.#changed = false;
    canvas.fill(0, 0, canvas.width, canvas.height, PAPER);
    const percent = Math.round(clamp(this.#cpu[0]?.samples.at(-1) ?? 0) * 100);
    const rate = (clamp(this.#network[0]?.samples.at(-1) ?? 0) * 9.9).toFixed(1);
    this.#graph(canvas, 12, 'CPU', `${percent} %`, this.#cpu);
    this.#graph(canvas, 126, 'Network', `${rate} Mbit/s`, this.#network);
    return true;
  }

  #graph(canvas: Canvas, y: number, name: string, value: string, curves: readonly Curve[]): void {
    BOLD_FONT.text(canvas, MARGIN, y, name, INK);
    UI_FONT.text(canvas, this.width - MARGIN - UI_FONT.measure(value), y, value, DIM);
    const top = y + 20;
    const width = this.width - 2 * MARGIN;
    canvas.fill(MARGIN, top, width, GRAPH_HEIGHT, 0xd3cedb);
    canvas.fill(MARGIN + 1, top + 1, width - 2, GRAPH_HEIGHT - 2, 0xffffff);
    for (let quarter = 1; quarter < 4; quarter++) {
      const row = top + Math.round((GRAPH_HEIGHT * quarter) / 4);
      canvas.fill(MARGIN + 1, row, width - 2, 1, 0xefecf3);
    }
    const step = (width - 4) / (SAMPLES - 1);
    for (const { samples, color } of curves) {
      for (let index = 1; index < samples.length; index++) {
        const point = (at: number): [number, number] => [
          MARGIN + 2 + at * step,
          top + (GRAPH_HEIGHT - 4) * (1 - clamp(samples[at] ?? 0)) + 2,
        ];
        line(canvas, point(index - 1), point(index), color, 1.6);
      }
    }
  }

  key(): void {
    // It only shows.
  }

  pointer(): void {
    // It only shows.
  }

  text(): string {
    return 'CPU, Network';
  }

  close(): void {
    this.#stop();
  }
}

const clamp = (value: number): number => Math.max(0.02, Math.min(0.98, value));
