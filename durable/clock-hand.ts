/** Where lab time stands on the wall clock, and how fast it goes. Wall in milliseconds, lab in microseconds. */
export type Hand = { readonly wall: number; readonly lab: number; readonly speed: number }

/** What the lab's clock shows at a moment of the wall clock. */
export const labAt = ({ wall, lab, speed }: Hand, now: number): number => lab + labMicros(now - wall, speed)

/** Lab time in so many milliseconds; a wall clock that was put back makes none. */
export const labMicros = (milliseconds: number, speed: number): number => Math.floor(Math.max(0, milliseconds) * 1_000 * speed)
export const wallMillis = (micros: number, speed: number): number => Math.ceil(micros / 1_000 / speed)

const UNITS = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['min', 60_000_000],
  ['s', 1_000_000],
] as const

/** `2 d 4 h`, `90 s`: the two largest units that are not nothing. */
export function spanText(micros: number): string {
  const words: string[] = []
  let rest = micros
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    if (count > 0) words.push(`${count} ${unit}`)
    rest -= count * size
  }
  if (words.length > 0) return words.slice(0, 2).join(' ')
  return rest >= 1_000 ? `${Math.floor(rest / 1_000)} ms` : `${rest} µs`
}
