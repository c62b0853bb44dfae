import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import type { ConsoleState } from '../session/console-state.js';
import { canReceive, controlFor } from './control-for.js';

/** A viewer as the list draws it. */
export interface ViewerRow {
  viewer: ViewerInfo;
  /** Told apart from others of the same name by a number. */
  name: string;
  isYou: boolean;
  status: 'In control' | 'Asks' | 'Watching' | 'Player' | 'Away';
  /** This viewer, which has control, may give it to that one. */
  canReceive: boolean;
}

function statusOf(viewer: ViewerInfo): ViewerRow['status'] {
  if (viewer.carrier === 'none') return 'Away';
  if (viewer.inControl) return 'In control';
  if (viewer.player) return 'Player';
  return viewer.asking ? 'Asks' : 'Watching';
}

/** The viewers while connected, in the order of the appliance. */
export function viewersFor(state: ConsoleState): ViewerRow[] {
  const viewers = state.phase === 'live' ? (state.remote?.viewers ?? []) : [];
  const giving = state.inControl && !controlFor(state).shared;
  return viewers.map((viewer, at) => {
    const isYou = viewer.id === state.viewerId;
    const sameBefore = viewers.slice(0, at).filter(({ name }) => name === viewer.name).length;
    return {
      viewer,
      name: sameBefore === 0 ? viewer.name : `${viewer.name} ${sameBefore + 1}`,
      isYou,
      status: statusOf(viewer),
      canReceive: giving && !isYou && canReceive(viewer),
    };
  });
}
