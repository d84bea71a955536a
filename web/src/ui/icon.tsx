const paths = {
  theme: 'M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 .8v1.7M8 13.5v1.7M.8 8h1.7M13.5 8h1.7M2.9 2.9l1.2 1.2M11.9 11.9l1.2 1.2M13.1 2.9l-1.2 1.2M4.1 11.9l-1.2 1.2',
  moon: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z',
  chat: 'M2.5 2.5h11v8h-6l-3 3v-3h-2z',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.5M7 6.5h.5M10 6.5h.5M4 9.5h8',
  lock: 'M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  share: 'M8 9.5V2M5 4.5L8 1.5l3 3M3.5 7.5v6h9v-6',
  link: 'M6.5 9.5l3-3M7 4.5l1.6-1.6a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.6 1.6a3.2 3.2 0 0 1-4.5-4.5L4.5 7',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  reset: 'M3 3v3.5h3.5M3.3 6.5A5.2 5.2 0 1 1 3 9.8',
  check: 'M2.5 8.5l3.5 3.5 7.5-8',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  question: 'M5.6 5.8A2.5 2.5 0 1 1 8 8.4v1.4M8 12.4v.3',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4',
  open: 'M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5',
  back: 'M9.5 3L4.5 8l5 5',
  down: 'M3.5 6L8 10.5 12.5 6',
  follow: 'M8 2v9M4.5 7.5L8 11l3.5-3.5M3 14h10',
  expand: 'M9.5 2.5h4v4M13.5 2.5L9 7M6.5 13.5h-4v-4M2.5 13.5L7 9',
  shrink: 'M13.5 6.5h-4v-4M9.5 6.5L14 2M2.5 9.5h4v4M6.5 9.5L2 14',
  computer: 'M1.5 3h13v8h-13zM5.5 13.5h5M8 11v2.5',
  guest: 'M2 2.5h12v11H2zM2 5.5h12M4 4h.2M6 4h.2',
  router: 'M1.5 8.5h13v5h-13zM4 11h.2M6.5 11h.2M4.5 8.5l-2-6M11.5 8.5l2-6',
  server: 'M2.5 2h11v5h-11zM2.5 9h11v5h-11zM5 4.5h.2M5 11.5h.2',
  switch: 'M1.5 5h13v6.5h-13zM4 8.5v1M6.6 8.5v1M9.3 8.5v1M12 8.5v1',
  'access-point': 'M8 11v3.5M5.5 14.5h5M8 9.6h.01M5.4 7.8a3.6 3.6 0 0 1 5.2 0M3 5.6a7 7 0 0 1 10 0',
  'virtual-switch': 'M1.5 5h13v6.5h-13zM4.5 7l2 2.5M6.5 7l-2 2.5M9.5 7l2 2.5M11.5 7l-2 2.5',
  real: 'M3.5 2.5h9v7h-9zM1 12.5h14M5.5 9.5v3M10.5 9.5v3M6 5h4',
  plug: 'M5.5 1.5v4M10.5 1.5v4M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5',
  unplugged: 'M5.5 1.5v4M10.5 1.5v4M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5M1.5 14.5l13-13',
  power: 'M8 1.5v6M4.5 3.6a5.5 5.5 0 1 0 7 0',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  people:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M1.5 13.5a4.5 4.5 0 0 1 9 0M10.5 7.3a2.3 2.3 0 0 0 0-4.5M12.3 13.5a5 5 0 0 0-1.6-3.7',
  terminal: 'M1.5 2.5h13v11h-13zM4 6l2.5 2L4 10M8 10.5h4',
  play: 'M4.5 2.5l8.5 5.5-8.5 5.5z',
  pause: 'M5.5 3v10M10.5 3v10',
  step: 'M3.5 3l6.5 5-6.5 5zM12.5 3v10',
  'step-packet': 'M1.5 4.5h9v7h-9zM1.5 5l4.5 3.5L10.5 5M13.5 3v10',
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M8 4.5V8l2.5 1.8',
  history: 'M3 3h.01M6.5 3h7M3 8h.01M6.5 8h7M3 13h.01M6.5 13h7M3 3v10',
  rewind: 'M8 3.5L2.5 8 8 12.5zM13.5 3.5L8 8l5.5 4.5z',
  undo: 'M5.5 2.5L2.5 5.5l3 3M2.5 5.5h7a4 4 0 0 1 0 8H5',
  fork: 'M4 2v12M4 10c0-4 8-2 8-7M9.8 4.8L12 2.6l2.2 2.2',
  flag: 'M3.5 14.5v-12h8.5l-2 3 2 3H3.5',
  warn: 'M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.2',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
