import type { Figure } from './figures.js';

/** What is to be reached. */
interface Goal {
  figures: RegExp;
  of: 'value' | 'ratio';
  atMost: number;
}

const GOALS: readonly Goal[] = [
  { figures: /^glass_to_glass\.720p\d+\.\w+\.(webrtc|websocket)\.p50$/, of: 'ratio', atMost: 1.1 },
  { figures: /^glass_to_glass\.720p\d+\.\w+\.(webrtc|websocket)\.p95$/, of: 'ratio', atMost: 1.25 },
  { figures: /^first_picture\./, of: 'value', atMost: 500 },
  { figures: /^memory\.\w+\.2_viewers\.rss$/, of: 'value', atMost: 120 },
  { figures: /^sender\.cpu_per_packet\./, of: 'ratio', atMost: 0.5 },
  { figures: /^sender\.input_delay\..*\.p99\.8_viewer$/, of: 'value', atMost: 10 },
  { figures: /^loss\..*\.pictures_lost$/, of: 'value', atMost: 2 },
  { figures: /^loss\..*\.longest_freeze$/, of: 'value', atMost: 500 },
  { figures: /^loss\..*\.keyframe_requests$/, of: 'value', atMost: 5 },
  { figures: /^loss\.2pct_100ms\.key_up\.p99$/, of: 'value', atMost: 250 },
  { figures: /^thin_line\..*\.late_until$/, of: 'value', atMost: 2 },
  { figures: /^thin_line\..*\.quality_back$/, of: 'value', atMost: 10 },
  { figures: /^still_screen\.bitrate$/, of: 'value', atMost: 50 },
  { figures: /^still_screen\.text_sharp\./, of: 'value', atMost: 1000 },
  { figures: /^idle\.cpu$/, of: 'value', atMost: 0.5 },
];

/** A sentence for each goal that was missed, and how many were reached. */
export function judge(figures: ReadonlyMap<string, Figure>): { reached: number; missed: string[] } {
  let reached = 0;
  const missed: string[] = [];
  for (const [name, figure] of figures) {
    const goal = GOALS.find((candidate) => candidate.figures.test(name));
    const value = goal && figure[goal.of];
    if (!goal || value === null || value === undefined) continue;
    if (value <= goal.atMost) reached++;
    else {
      const found =
        goal.of === 'ratio'
          ? `${value.toFixed(2)} × the reference`
          : `${value.toFixed(1)} ${figure.unit}`;
      const wanted = goal.of === 'ratio' ? `${goal.atMost} ×` : `${goal.atMost} ${figure.unit}`;
      missed.push(`${name}: ${found}, the goal is at most ${wanted}`);
    }
  }
  return { reached, missed };
}
