import { civilTime } from '../../../../engine/machine/calendar.ts'

/** `-t`: none. `-tt`: seconds since the epoch. `-ttt`, `-ttttt`: since the packet before, since the first. `-tttt`: with the date. */
export type StampStyle = 'time' | 'none' | 'epoch' | 'since-before' | 'date' | 'since-first'

export type Stamped = {
  readonly timeMicros: number
  /** The times of the packet before this one and of the first of all. */
  readonly before: number
  readonly first: number
}

const two = (value: number): string => String(value).padStart(2, '0')
const six = (micros: number): string => String(micros).padStart(6, '0')

function span(micros: number): string {
  const size = Math.abs(micros)
  const seconds = Math.floor(size / 1_000_000)
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${six(size % 1_000_000)}`
  return `${micros < 0 ? '-' : ' '}${text} `
}

export function stamp(style: StampStyle, { timeMicros, before, first }: Stamped, zoneMinutes: number): string {
  switch (style) {
    case 'none':
      return ''
    case 'epoch':
      return `${Math.floor(timeMicros / 1_000_000)}.${six(timeMicros % 1_000_000)} `
    case 'since-before':
      return span(timeMicros - before)
    case 'since-first':
      return span(timeMicros - first)
    case 'date':
    case 'time': {
      const m = civilTime(timeMicros + zoneMinutes * 60_000_000)
      const time = `${two(m.hour)}:${two(m.minute)}:${two(m.second)}.${six(m.micro)} `
      return style === 'time' ? time : `${m.year}-${two(m.month)}-${two(m.day)} ${time}`
    }
    default:
      style satisfies never
      return ''
  }
}
