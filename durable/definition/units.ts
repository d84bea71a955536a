import { z } from 'zod'

// Quantities as people write them. Each is text with a unit; a bare number would leave the reader guessing.

const MICROS = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 } as const
const BITS = { bps: 1, kbps: 1e3, Mbps: 1e6, Gbps: 1e9 } as const
const BYTES = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** Lab microseconds: `50us`, `1ms`, `24h`. */
export const duration = (longest: number) =>
  quantity(MICROS, 'a duration such as 50us, 2ms, 30s, 10m, 24h or 8d').refine((value) => value <= longest, 'is too long')

/** Bits per second: `1Gbps`. */
export const rate = quantity(BITS, 'a rate such as 64kbps, 300Mbps or 1Gbps').refine((value) => value > 0, 'must be above zero')

/** Parts of a million: `2%`, `0.5%`. */
export const share = z
  .string({ error: 'must be a share such as 2% or 0.5%' })
  .regex(/^\d{1,3}(\.\d{1,4})?%$/, { error: 'must be a share such as 2% or 0.5%', abort: true })
  .transform((text) => Math.round(Number(text.slice(0, -1)) * 10_000))
  .refine((value) => value <= 1_000_000, 'is more than all')

/** Bytes: `2GB`, in binary multiples as Hyper-V counts memory. */
export const memory = quantity(BYTES, 'a size such as 512MB or 2GB').refine(
  (value) => value >= 32 * BYTES.MB && value <= 1024 * BYTES.GB,
  'must lie between 32MB and 1024GB',
)

function quantity(units: { readonly [unit: string]: number }, what: string) {
  const pattern = new RegExp(`^(\\d{1,12})(${Object.keys(units).join('|')})$`)
  const error = `must be ${what}`
  return z
    .string({ error })
    .regex(pattern, { error, abort: true })
    .transform((text) => {
      const [, number, unit] = pattern.exec(text) as unknown as [string, string, string]
      return Number(number) * units[unit]
    })
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/

/** `2026-09-14T09:00:00+02:00`: when the lab begins, and the zone that its consoles show. */
export const instant = z
  .string()
  .regex(INSTANT, { error: 'must be a date and time with its offset, such as 2026-09-14T09:00:00+02:00', abort: true })
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'is not a date that exists', abort: true })
  .transform((text) => ({ epochMicros: Date.parse(text) * 1_000, zoneMinutes: offset(text) }))

function offset(text: string): number {
  if (text.endsWith('Z')) return 0
  const [hours, minutes] = text.slice(-5).split(':').map(Number) as [number, number]
  return (text.at(-6) === '-' ? -1 : 1) * (hours * 60 + minutes)
}
