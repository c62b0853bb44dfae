import type { HidState, SignalState } from '../../../server/protocol/control-messages.js';

/** One line of evidence on a card. */
export interface Fact {
  name: string;
  value: string;
  level: 'ok' | 'warn' | 'bad';
}

const HID_FACTS: Record<HidState, Omit<Fact, 'name'>> = {
  unbound: { value: 'gadget not set up', level: 'bad' },
  detached: { value: 'no host', level: 'bad' },
  suspended: { value: 'suspended', level: 'warn' },
  configured: { value: 'ready', level: 'ok' },
  busy: { value: 'host does not read', level: 'warn' },
};

/** How far the signal comes, stage by stage; what lies behind a broken stage is unknown. */
export function signalFacts(signal: SignalState, hid: HidState): Fact[] {
  const stages: Array<[string, SignalState, string, string]> = [
    ['Video input', 'no-device', 'present', 'missing'],
    ['HDMI cable', 'no-cable', 'plugged in', 'not plugged in'],
    ['Video clock', 'no-signal', 'present', 'none'],
    ['Timings', 'no-sync', 'locked', 'not locked'],
  ];
  const facts: Fact[] = [];
  let broken = false;
  for (const [name, failure, good, bad] of stages) {
    if (broken) facts.push({ name, value: 'unknown', level: 'warn' });
    else if (failure === signal) {
      facts.push({ name, value: bad, level: 'bad' });
      broken = true;
    } else facts.push({ name, value: good, level: 'ok' });
  }
  const last = facts.at(-1);
  if (signal === 'unsupported-timings' && last !== undefined) {
    facts[facts.length - 1] = { ...last, value: 'not supported', level: 'bad' };
  }
  facts.push({ name: 'USB', ...HID_FACTS[hid] });
  return facts;
}
