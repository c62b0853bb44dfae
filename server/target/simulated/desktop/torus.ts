import { type Canvas, mix } from '../canvas.js';
import { convex } from '../shapes.js';

const AROUND = 30;
const ACROSS = 14;
const RING = 1;
const TUBE = 0.44;
const DISTANCE = 3.6;
const LIGHT = [-0.48, -0.62, -0.62] as const;
const DARK = 0x3a1f63;
const MIDDLE = 0xe8657a;
const BRIGHT = 0xffe9bd;

interface Face {
  depth: number;
  color: number;
  corners: Array<readonly [number, number]>;
}

/** Draws a turning, flat shaded torus; its place depends on the time alone. */
export function drawTorus(canvas: Canvas, height: number, timeMs: number): void {
  const a = timeMs / 1700;
  const b = timeMs / 2600;
  const scale = height * 1.12;
  const points: Array<readonly [number, number, number]> = [];
  const normals: Array<readonly [number, number, number]> = [];
  for (let u = 0; u < AROUND; u++) {
    const angle = (u / AROUND) * 2 * Math.PI;
    for (let v = 0; v < ACROSS; v++) {
      const turn = (v / ACROSS) * 2 * Math.PI;
      points.push(rotate(onTorus(angle, turn, RING), a, b));
      const middle = (2 * Math.PI) / AROUND / 2;
      normals.push(rotate(onTorus(angle + middle, turn + Math.PI / ACROSS, 0), a, b));
    }
  }
  const project = (index: number): readonly [number, number] => {
    const [x, y, z] = points[index] as readonly [number, number, number];
    const near = scale / (z + DISTANCE);
    return [canvas.width / 2 + x * near, height / 2 + y * near];
  };
  const faces: Face[] = [];
  for (let u = 0; u < AROUND; u++) {
    for (let v = 0; v < ACROSS; v++) {
      const nextU = ((u + 1) % AROUND) * ACROSS;
      const nextV = (v + 1) % ACROSS;
      const indices = [u * ACROSS + v, nextU + v, nextU + nextV, u * ACROSS + nextV];
      const [nx, ny, nz] = normals[u * ACROSS + v] as readonly [number, number, number];
      const [px, py, pz] = points[u * ACROSS + v] as readonly [number, number, number];
      if (nx * px + ny * py + nz * (pz + DISTANCE) > 0.02) continue;
      const light = (nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2]) / TUBE;
      faces.push({
        depth: indices.reduce((sum, index) => sum + (points[index]?.[2] ?? 0), 0),
        color: shade(light, (u + v) % 2 === 0),
        corners: indices.map(project),
      });
    }
  }
  faces.sort((one, other) => other.depth - one.depth);
  for (const face of faces) convex(canvas, face.corners, face.color);
}

/** A point of the surface; with `ring` 0 the outward direction there, TUBE long. */
function onTorus(angle: number, turn: number, ring: number): [number, number, number] {
  const out = ring + TUBE * Math.cos(turn);
  return [out * Math.cos(angle), out * Math.sin(angle), TUBE * Math.sin(turn)];
}

function rotate(
  [x, y, z]: [number, number, number],
  a: number,
  b: number,
): [number, number, number] {
  const y1 = y * Math.cos(a) - z * Math.sin(a);
  const z1 = y * Math.sin(a) + z * Math.cos(a);
  return [x * Math.cos(b) + z1 * Math.sin(b), y1, z1 * Math.cos(b) - x * Math.sin(b)];
}

/** Light from -1 to 1 to a colour of the sunset; alternate faces differ a little, like a checkerboard. */
function shade(light: number, even: boolean): number {
  const lit = Math.max(0, Math.min(1, 0.28 + light * 0.78)) * (even ? 1 : 0.9);
  return lit < 0.55
    ? mix(DARK, MIDDLE, Math.round((lit / 0.55) * 256))
    : mix(MIDDLE, BRIGHT, Math.round(((lit - 0.55) / 0.45) * 256));
}
