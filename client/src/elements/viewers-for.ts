import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import type { ConsoleState } from '../session/console-state.js';

/** A viewer as the list draws it. `isYou` only when it is certain. */
export interface ViewerRow {
  viewer: ViewerInfo;
  isYou: boolean;
}

/** Two sign-ins may share a name: whoever is in control is known, the rest only when the name is alone. */
export function viewersFor(state: ConsoleState): ViewerRow[] {
  const viewers = state.phase === 'live' ? (state.remote?.viewers ?? []) : [];
  const candidates = viewers.filter(
    (viewer) => viewer.name === state.userName && viewer.inControl === state.inControl,
  );
  const you = candidates.length === 1 ? candidates[0] : undefined;
  return viewers.map((viewer) => ({ viewer, isYou: viewer === you }));
}
