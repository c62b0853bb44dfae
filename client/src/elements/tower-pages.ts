import type { ConsoleState } from '../session/console-state.js';
import type { IconName } from './icon.js';

const PAGES = [
  { name: 'console', label: 'Console', icon: 'stats' },
  { name: 'image', label: 'Image', icon: 'image' },
  { name: 'target', label: 'Target', icon: 'plug' },
  { name: 'network', label: 'Network', icon: 'network' },
  { name: 'people', label: 'People', icon: 'people' },
] as const satisfies ReadonlyArray<{ name: string; label: string; icon: IconName }>;

/** One page of the tower's lower half. */
export type TowerPage = (typeof PAGES)[number];
export type TowerPageName = TowerPage['name'];

/** The pages that there is something on: a simulated target has no cables, and strangers have no settings. */
export function towerPages(state: ConsoleState): TowerPage[] {
  const signedIn = state.userName !== null;
  const hardware = state.remote?.target.kind === 'hardware';
  return PAGES.filter(({ name }) => {
    if (name === 'target') return hardware;
    return signedIn || name === 'console' || name === 'image';
  });
}

/** The page that a key leads to from another one, as in every row of tabs; null for other keys. */
export function pageForKey(
  pages: readonly TowerPage[],
  from: TowerPageName,
  key: string,
): TowerPageName | null {
  const at = pages.findIndex(({ name }) => name === from);
  const steps: Record<string, number> = {
    ArrowRight: (at + 1) % pages.length,
    ArrowLeft: (at + pages.length - 1) % pages.length,
    Home: 0,
    End: pages.length - 1,
  };
  const to = steps[key];
  return to === undefined ? null : (pages[to]?.name ?? null);
}
