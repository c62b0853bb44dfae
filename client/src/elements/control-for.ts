import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import type { ConsoleActions, ConsoleState } from '../session/console-state.js';

/** What this viewer can do about control, and what others want of it. */
export interface ControlView {
  /** The one thing to do next; null when there is nothing. */
  act: 'take' | 'ask' | 'withdraw' | 'release' | null;
  /** Everybody types at once. */
  shared: boolean;
  /** This viewer's role only watches. */
  watchesOnly: boolean;
  /** Who asks this viewer, which has control, the first one first. */
  askers: ViewerInfo[];
}

/** The words on the button of each act. */
export const ACT_WORDS = {
  take: 'Take control',
  ask: 'Ask for control',
  withdraw: 'Stop asking',
  release: 'Give control',
} as const;

/** Does what the button says. */
export function doAct(act: keyof typeof ACT_WORDS, actions: ConsoleActions | null): void {
  if (act === 'take') actions?.takeControl();
  else if (act === 'release') actions?.releaseControl();
  else actions?.askForControl(act === 'ask');
}

function isHere(viewer: ViewerInfo | undefined): viewer is ViewerInfo {
  return viewer !== undefined && viewer.carrier !== 'none';
}

function actFor(state: ConsoleState, self: ViewerInfo, holder: ViewerInfo | undefined) {
  if (state.inControl) return 'release';
  if (self.role === 'watcher') return null;
  if (self.asking) return 'withdraw';
  // As the appliance decides: who is away locks nobody out, windows of one user are not strangers.
  if (!isHere(holder) || self.role === 'owner' || holder.name === self.name) return 'take';
  return 'ask';
}

/** Nothing to do while not connected. */
export function controlFor(state: ConsoleState): ControlView {
  const remote = state.phase === 'live' ? state.remote : null;
  const self = remote?.viewers.find(({ id }) => id === state.viewerId);
  if (!remote || !self) return { act: null, shared: false, watchesOnly: false, askers: [] };
  const { shared } = remote.control;
  const others = remote.viewers.filter((viewer) => viewer !== self);
  const holder = others.find(({ inControl }) => inControl);
  return {
    act: shared ? null : actFor(state, self, holder),
    shared,
    watchesOnly: self.role === 'watcher',
    askers: state.inControl ? others.filter(({ asking }) => asking) : [],
  };
}

/** This viewer may hand control over to that one. */
export function canReceive(viewer: ViewerInfo): boolean {
  return isHere(viewer) && !viewer.player && viewer.role !== 'watcher';
}
