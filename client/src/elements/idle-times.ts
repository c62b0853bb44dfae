/** Idle times that the page offers, seconds; 0 is never. */
const OFFERED = [0, 15, 30, 60, 120, 300, 900, 3600];

/** An idle time in words. */
export function idleWords(seconds: number): string {
  if (seconds === 0) return 'Never';
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** What there is to choose: what is offered, and the present one, which an option may have set. */
export function idleChoices(present: number): number[] {
  return [...new Set([...OFFERED, present])].sort((a, b) => a - b);
}
