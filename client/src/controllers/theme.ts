export const THEMES = ['retro', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const KEY = 'mykvm.theme';

function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** The theme that is shown. */
export function currentTheme(): Theme {
  const shown = document.documentElement.dataset['theme'];
  return isTheme(shown) ? shown : 'retro';
}

/** Shows a theme and keeps it for the next visit. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
}

/** Shows the theme of the last visit; called once before anything is drawn. */
export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    if (isTheme(kept)) document.documentElement.dataset['theme'] = kept;
  } catch {
    // Storage may be forbidden: the theme of the document stays.
  }
}
