import { html, svg, type TemplateResult } from 'lit';

const PATHS = {
  power: svg`<path d="M8 2v6M4.600 4.200a5 5 0 1 0 6.800 0"/>`,
  full: svg`<path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/>`,
  unfull: svg`<path d="M6 2v4H2M14 6h-4V2M10 14v-4h4M2 10h4v4"/>`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
  eye: svg`<path d="M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8z"/><circle cx="8" cy="8" r="1.800"/>`,
  check: svg`<path d="M3 8.500l3.200 3.200L13 4.800"/>`,
  warn: svg`<path d="M8 2l6.500 12h-13zM8 6.500v3.500M8 12v.1"/>`,
  mouse: svg`<path d="M4.500 6a3.500 3.500 0 0 1 7 0v4.500a3.500 3.500 0 0 1-7 0zM8 2.500V7"/>`,
  stats: svg`<path d="M2 13.500h12M4 11V8M7 11V4M10 11V6.500M13 11V9"/>`,
  image: svg`<path d="M2 3h12v10H2zM2 11l3.500-3.500L8 10l2.500-2.500L14 11M10.500 5.500h.1"/>`,
  network: svg`<path d="M6 2h4v4H6zM2 10h4v4H2zM10 10h4v4h-4zM8 6v2M4 10V8h8v2"/>`,
  people: svg`<circle cx="6" cy="5" r="2.500"/><path d="M1.500 13.500c0-3 2-4.500 4.500-4.500s4.500 1.500 4.500 4.500M10.500 2.800a2.500 2.500 0 0 1 0 4.400M12 9.600c1.600.6 2.500 2 2.500 3.900"/>`,
  keyboard: svg`<path d="M1.500 4h13v8h-13zM4 6.600h.1M6.600 6.600h.1M9.300 6.600h.1M12 6.600h.1M4.500 9.500h7"/>`,
  plug: svg`<path d="M5 2v3M11 2v3M3.500 5h9v3a4.500 4.500 0 0 1-9 0zM8 12.500V15"/>`,
  sleep: svg`<path d="M13 9.800A5.500 5.500 0 1 1 6.200 3a4.500 4.500 0 0 0 6.800 6.800z"/>`,
  wait: svg`<path d="M4 2h8M4 14h8M5 2v3l3 3 3-3V2M5 14v-3l3-3 3 3v3"/>`,
  left: svg`<path d="M10 3L5 8l5 5"/>`,
  right: svg`<path d="M6 3l5 5-5 5"/>`,
  up: svg`<path d="M3 10l5-5 5 5"/>`,
  down: svg`<path d="M3 6l5 5 5-5"/>`,
} as const;

export type IconName = keyof typeof PATHS;

/** A 16 px line icon in the colour of the text; the button around it carries the name. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;
}
