import type { StateMessage, ViewerInfo } from '../../../server/protocol/control-messages.js';

/** What the other viewers did between two states, in the words of the log. `self` is this viewer's id. */
export function viewerNews(was: StateMessage, is: StateMessage, self: string | null): string[] {
  const others = is.viewers.filter(({ id }) => id !== self);
  const before = new Map(was.viewers.map((viewer) => [viewer.id, viewer]));
  const here = new Set(is.viewers.map(({ id }) => id));
  const gone = was.viewers.filter(({ id }) => id !== self && !here.has(id));
  const came = (viewer: ViewerInfo): string[] =>
    before.has(viewer.id) ? [] : [`${viewer.name} is watching`];
  const asks = (viewer: ViewerInfo): string[] =>
    viewer.asking && !before.get(viewer.id)?.asking ? [`${viewer.name} asks for control`] : [];
  return [
    ...gone.map(({ name }) => `${name} left`),
    ...others.flatMap((viewer) => [...came(viewer), ...asks(viewer)]),
  ];
}
