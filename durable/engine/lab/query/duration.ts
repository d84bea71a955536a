import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../sim/time.ts'

const UNITS: readonly (readonly [unit: string, micros: number])[] = [
  ['us', 1],
  ['µs', 1],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['min', MINUTE],
  ['h', HOUR],
  ['d', DAY],
]
export const UNIT_NAMES = 'us, ms, s, min, h, d'

/** 285 years are exact; a query looks at less. */
const LONGEST = 100_000 * DAY

/** `5s`, `1.5min`, `250 ms`; undefined for what is no time, too long, or finer than a microsecond. */
export function parseDuration(text: string): Micros | undefined {
  const m = /^(\d{1,16})(?:\.(\d{1,6}))?\s*(us|µs|ms|s|min|h|d)$/.exec(text)
  const unit = UNITS.find(([name]) => name === m?.[3])?.[1]
  if (m === null || unit === undefined) return undefined
  // In millionths, so that no fraction is ever rounded.
  const millionths = Number((m[2] ?? '').padEnd(6, '0')) * unit
  const micros = Number(m[1]) * unit + millionths / 1_000_000
  return millionths % 1_000_000 === 0 && micros <= LONGEST ? micros : undefined
}

/** The shortest text that `parseDuration` reads back: the largest unit that divides it. */
export function writeDuration(micros: Micros): string {
  const [name, unit] = UNITS.findLast(([, size]) => micros % size === 0 && (micros > 0 || size === SECOND)) ?? UNITS[0]
  return `${micros / unit}${name === 'µs' ? 'us' : name}`
}

/** As a person says it: `3.204 s`, `12 ms`, `1 h 5 min`. */
export function sayTime(micros: Micros): string {
  if (micros < MILLISECOND) return micros === 0 ? '0 s' : `${micros} µs`
  if (micros < SECOND) return `${decimal(micros, MILLISECOND)} ms`
  const parts: string[] = []
  let rest = micros
  for (const [name, unit] of [['d', DAY] as const, ['h', HOUR] as const, ['min', MINUTE] as const]) {
    const whole = Math.floor(rest / unit)
    if (whole > 0) parts.push(`${whole} ${name}`)
    rest -= whole * unit
  }
  if (rest > 0) parts.push(`${decimal(rest, SECOND)} s`)
  return parts.join(' ')
}

function decimal(micros: Micros, unit: number): string {
  const rest = `${micros % unit}`.padStart(unit === SECOND ? 6 : 3, '0').replace(/0+$/, '')
  return `${Math.floor(micros / unit)}${rest === '' ? '' : `.${rest}`}`
}
