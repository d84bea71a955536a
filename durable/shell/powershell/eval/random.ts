// Chance of a console: the same lab and the same lines give the same numbers.
import { hashText } from '../../../engine/sim/random.ts'
import type { Session } from './session.ts'

/** Where the numbers of this console begin: what tells it from others, its clock and how often it has drawn. */
function seedOf(session: Session): number {
  const { kernel, memory } = session
  const drawn = Number(memory['drawn'] ?? 0)
  memory['drawn'] = drawn + 1
  const set = memory['seed']
  const words =
    typeof set === 'number'
      ? String(set)
      : `${kernel.identity().hostname} ${kernel
          .interfaces()
          .map(({ mac }) => mac)
          .join(' ')} ${kernel.clock().now}`
  return hashText(`${words} ${drawn}`)
}

/** A whole number of 0 to 2^32 - 1. */
export function randomWord(session: Session): number {
  let z = (seedOf(session) + 0x9e3779b9) >>> 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b) >>> 0
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35) >>> 0
  return (z ^ (z >>> 16)) >>> 0
}

/** From 0 up to but not including 1. */
export const randomFraction = (session: Session): number => randomWord(session) / 4_294_967_296

/** The numbers begin anew from a seed. */
export function reseed(session: Session, seed: number): void {
  session.memory['seed'] = seed
  session.memory['drawn'] = 0
}

export function randomGuid(session: Session): string {
  const hex = [0, 1, 2, 3].map(() => randomWord(session).toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex[16] ?? '0', 16) & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
