const MS = 1_000
const SECOND = 1_000 * MS
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const LONGEST = 3_650 * DAY

const units: Record<string, number> = { us: 1, ms: MS, s: SECOND, sec: SECOND, min: MINUTE, m: MINUTE, h: HOUR, d: DAY }
for (const [word, unit] of [
  ['second', SECOND],
  ['minute', MINUTE],
  ['hour', HOUR],
  ['day', DAY],
  ['week', 7 * DAY],
] as const) {
  units[word] = unit
  units[`${word}s`] = unit
}

export type ParsedDuration = { readonly ok: true; readonly micros: number } | { readonly ok: false; readonly message: string }

/** `90 s`, `2h 30min`, `1.5 days`: parts that are added. */
export function parseDuration(text: string): ParsedDuration {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)]
  const rest = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').replace(/[\s,]|and/g, '')
  if (parts.length === 0 || rest !== '') return { ok: false, message: 'Numbers with units, such as 90 s, 2 h 30 min or 8 days.' }
  let micros = 0
  for (const [, number, word] of parts) {
    const unit = units[word.toLowerCase()]
    if (unit === undefined) return { ok: false, message: `“${word}” is no unit here: ms, s, min, h or d.` }
    micros += Number(number) * unit
  }
  micros = Math.round(micros)
  if (micros < 1) return { ok: false, message: 'Time goes on, so it must be more than nothing.' }
  if (micros > LONGEST) return { ok: false, message: 'Ten years at most.' }
  return { ok: true, micros }
}

const steps: readonly (readonly [string, number])[] = [
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
]

/** The two largest units that matter: `7 d 23 h`, `4 min 12 s`, `1.34 s`, `210 ms`. */
export function durationText(micros: number): string {
  if (micros < MS) return `${Math.max(0, Math.round(micros))} µs`
  if (micros < SECOND) return `${Math.round(micros / MS)} ms`
  if (micros < 10 * SECOND) return `${Number((micros / SECOND).toFixed(2))} s`
  const at = steps.findIndex(([, unit]) => micros >= unit)
  const [word, unit] = steps[at]
  const whole = Math.floor(micros / unit)
  const next = steps[at + 1]
  const more = next === undefined ? 0 : Math.floor((micros - whole * unit) / next[1])
  return more === 0 ? `${whole} ${word}` : `${whole} ${word} ${more} ${next[0]}`
}
