// What may be asked of a lab's history, as plain data. The text form (`parse.ts`, `format.ts`) says the same.
import type { Sighting, Vantage } from '../../link/recorder.ts'
import type { VerdictCode } from '../../link/verdict.ts'
import type { Micros } from '../../sim/time.ts'

/** Lab time; both ends belong to it. */
type Window = { readonly since?: Micros; readonly until?: Micros }

/** A packet seen at a place, a line that was typed, a field of a part's state that became another. */
export type PacketEvent = Window & {
  readonly kind: 'packet'
  /** A display filter; empty for any packet. */
  readonly filter: string
  /** A machine, or one adapter of it as `machine/adapter`. */
  readonly at?: string
  readonly direction?: 'in' | 'out'
  /** `dropped` is every verdict that ends a packet which somebody wanted. */
  readonly verdict?: VerdictCode | 'dropped'
  /** A pattern: the chain of causes begins at a line like this. */
  readonly by?: string
}
export type CommandEvent = Window & {
  readonly kind: 'command'
  /** With `*` and `?`, without regard to case. */
  readonly line: string
  /** A machine, or one console of it as `machine:2`. */
  readonly on?: string
  readonly status?: number | 'failed'
  /** A text that the output has in it. */
  readonly output?: string
  /** When it ended counts, not when it began. */
  readonly ended?: true
}
export type ChangeEvent = Window & {
  readonly kind: 'change'
  /** Patterns, as of a line. */
  readonly part: string
  readonly field: string
  readonly from?: string
  readonly to?: string
}
export type Event = PacketEvent | CommandEvent | ChangeEvent

export const COMPARISONS = ['==', '!=', '>=', '<=', '>', '<'] as const
export type Comparison = (typeof COMPARISONS)[number]
export const SIDES = ['of', 'after', 'before'] as const

export type Query =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Query[] }
  | { readonly kind: 'not'; readonly query: Query }
  | { readonly kind: 'some' | 'never'; readonly event: Event }
  /** The first of each, in this order. */
  | { readonly kind: 'before'; readonly events: readonly Event[] }
  /** One after the other, whatever was between; `within` limits the time since the one before. */
  | {
      readonly kind: 'then'
      readonly first: Event
      readonly steps: readonly { readonly event: Event; readonly within?: Micros }[]
    }
  /** Some `event` so near to some `other`. */
  | {
      readonly kind: 'within'
      readonly event: Event
      readonly micros: Micros
      readonly side: (typeof SIDES)[number]
      readonly other: Event
    }
  | { readonly kind: 'every'; readonly event: Event; readonly followedBy: Event; readonly within?: Micros }
  /** Packets are counted once, wherever they were seen. */
  | { readonly kind: 'count'; readonly event: Event; readonly is: Comparison; readonly number: number }

export type JournalLine = {
  readonly id: number
  readonly console: string
  readonly line: string
  readonly output: string
  /** Null while it runs. */
  readonly exitStatus: number | null
  readonly at: Micros
  readonly endedAt: Micros | null
}
export type Change = {
  readonly at: Micros
  readonly part: string
  readonly field: string
  readonly before: string | number | boolean | null
  readonly after: string | number | boolean | null
}
/** Each list in the order in which it happened. */
export type History = {
  readonly sightings: readonly Sighting[]
  readonly vantages: readonly Vantage[]
  readonly journal: readonly JournalLine[]
  readonly changes?: readonly Change[]
  /** Machines that may be named although nothing was seen of them. */
  readonly machines?: readonly string[]
}

export type Evidence = {
  readonly packets: readonly number[]
  readonly commands: readonly number[]
  /** Lab times of what was found. */
  readonly at: readonly Micros[]
}
export type Answer = { readonly holds: boolean; readonly evidence: Evidence; readonly why: string }

/** Bounds of one query. */
export const MAX_TEXT = 4096
export const MAX_EVENTS = 64
export const MAX_DEPTH = 32

/** The events of a query itself, not of those inside it. */
export function eventsOf(query: Query): readonly Event[] {
  switch (query.kind) {
    case 'and':
    case 'or':
    case 'not':
      return []
    case 'some':
    case 'never':
    case 'count':
      return [query.event]
    case 'before':
      return query.events
    case 'then':
      return [query.first, ...query.steps.map((step) => step.event)]
    case 'within':
      return [query.event, query.other]
    case 'every':
      return [query.event, query.followedBy]
    default:
      return query satisfies never
  }
}

export const inside = (query: Query): readonly Query[] =>
  query.kind === 'and' || query.kind === 'or' ? query.all : query.kind === 'not' ? [query.query] : []
