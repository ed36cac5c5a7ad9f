// Line icons on a 16 px grid. They are decoration: a word or an accessible name always stands beside them.

const PATHS = {
  search: 'M2.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M10.5 10.5l3 3',
  down: 'm4 6 4 4 4-4',
  right: 'm6 4 4 4-4 4',
  left: 'm10 4-4 4 4 4',
  up: 'm4 10 4-4 4 4',
  close: 'm4 4 8 8M12 4l-8 8',
  error: 'M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM8 4.8v3.7M8 11h.01',
  warn: 'M8 2 1.8 13.2h12.4zM8 6.3v3.2M8 11.4h.01',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.3-1.3a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.3 1.3a3.2 3.2 0 0 1-4.5-4.5L4.5 7',
  copy:
    'M6.7 5.5h5.6a1.2 1.2 0 0 1 1.2 1.2v5.6a1.2 1.2 0 0 1-1.2 1.2H6.7a1.2 1.2 0 0 1-1.2-1.2' +
    'V6.7a1.2 1.2 0 0 1 1.2-1.2zM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2',
  clock: 'M2.2 8a5.8 5.8 0 1 0 11.6 0a5.8 5.8 0 1 0-11.6 0M8 4.8V8l2.2 1.4',
  fit: 'M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2',
  event: 'm8 3 5 5-5 5-5-5z',
  layers: 'M8 2 2 5.2l6 3.2 6-3.2zM2 8l6 3.2L14 8M2 10.8 8 14l6-3.2',
  graph:
    'M5.6 8 10.5 4.7M5.6 8l4.9 3.3M2.2 8a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0' +
    'M10.4 4a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0' +
    'M10.4 12a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  export: 'M8 9.5v-7M5.2 5 8 2.2 10.8 5M3 9.5v4h10v-4',
  path: 'M2 4h5v4h4v4h3',
  check: 'm3.5 8.5 3 3 6-7',
  book: 'M8 4.2C6.4 3 4.3 2.8 2 3v9.4c2.3-.2 4.4 0 6 1.2 1.6-1.2 3.7-1.4 6-1.2V3c-2.3-.2-4.4 0-6 1.2zM8 4.2v9.4',
  sort: 'M3 4h10M3 8h7M3 12h4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: extra = '', size }: { name: IconName; class?: string; size?: number }) {
  return (
    <svg
      class={`i ${extra}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={size ? { width: `${size}px`, height: `${size}px` } : {}}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function ThemeIcon() {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11A5.5 5.5 0 0 0 8 2.5z" fill="currentColor" />
    </svg>
  );
}

export function Mark() {
  return (
    <svg viewBox="0 0 22 22" fill="currentColor" aria-hidden="true">
      <rect x="2" y="3" width="9" height="3.4" rx="1.7" />
      <rect x="8" y="7.7" width="7" height="3.4" rx="1.7" />
      <rect x="5" y="12.4" width="8" height="3.4" rx="1.7" />
      <rect x="13" y="17" width="7" height="3.4" rx="1.7" />
    </svg>
  );
}
