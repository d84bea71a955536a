// What checks are, as plain data: the value of an entry under `checks` after validation. The shapes that people write stand in
// durable/definition/checks, one to one.
import type { Answering, Fact, NamesFault } from './facts/definition.ts'
import type { HistoryVerb } from './verbs-of-history.ts'
import type { StateVerb } from './verbs-of-state.ts'

/** A step of the ladder: read in order, each costs so many of the check's points. */
export type HintStep = { readonly text: string; readonly cost: number }

export type CheckDefinition = {
  readonly id: string
  readonly title: string
  readonly points: number
  /** Sentence for a student when it fails; the engine adds what it saw. */
  readonly hint: string
  readonly hints?: readonly HintStep[]
  /** Said before what the engine saw. */
  readonly pass?: string
  readonly fail?: string
  readonly verb: CheckVerb
}

/** What a check asks, at the level of intent. Machines by name; `default-switch` stands for the network of that switch now. */
export type CheckVerb = StateVerb | HistoryVerb | TrialVerb | Combined | Answering | NamesFault

/** What is tried in a copy. */
export type TrialVerb =
  | { readonly kind: 'reaches'; readonly machine: string; readonly target: string; readonly expect: boolean }
  | {
      readonly kind: 'connects'
      readonly machine: string
      readonly target: string
      readonly port: number
      readonly expect: boolean
    }
  | {
      readonly kind: 'fetches'
      readonly machine: string
      readonly url: string
      readonly status?: number
      readonly shows?: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'resolves'
      readonly machine: string
      readonly name: string
      readonly server: string
      readonly tcp: boolean
      readonly to: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'path'
      readonly machine: string
      readonly target: string
      /** Machines that its packets pass, in this order. */
      readonly through: readonly string[]
      readonly avoids: readonly string[]
      readonly expect: boolean
    }
  | {
      readonly kind: 'prints'
      readonly machine: string
      readonly line: string
      readonly shows: string
      readonly expect: boolean
    }

/** A check inside another one. `weight` counts where parts are counted, `worth` is its part of the points where one is enough. */
export type Inner = { readonly title: string; readonly weight: number; readonly worth: number; readonly verb: CheckVerb }

/** What is done to a copy before checks look at it. Times in microseconds. */
export type Step =
  | { readonly do: 'reboot'; readonly machine: string }
  | { readonly do: 'wait'; readonly micros: number }
  /** Until after the lease of this machine has run out, had nobody renewed it. */
  | { readonly do: 'lease-expiry'; readonly machine: string }
  | { readonly do: 'unplug' | 'plug' | 'replug'; readonly cable: string }
  | { readonly do: 'power-off' | 'power-on'; readonly machine: string }
  | { readonly do: 'join'; readonly machine: string; readonly ssid: string }
  | { readonly do: 'type'; readonly machine: string; readonly line: string }

type Moment = { readonly line: string; readonly machine?: string }
export type Combined =
  | { readonly kind: 'all'; readonly partial: boolean; readonly checks: readonly Inner[] }
  | { readonly kind: 'any'; readonly checks: readonly Inner[] }
  /** None of them passes. */
  | { readonly kind: 'not'; readonly checks: readonly Inner[] }
  | { readonly kind: 'at-least'; readonly number: number; readonly partial: boolean; readonly checks: readonly Inner[] }
  | {
      readonly kind: 'survives'
      readonly what: readonly Step[]
      readonly before: boolean
      readonly partial: boolean
      readonly checks: readonly Inner[]
    }
  /** All in one copy, one after the other; what happened is looked at between two lines. */
  | { readonly kind: 'during'; readonly from?: Moment; readonly until?: Moment; readonly checks: readonly Inner[] }

export type { Answering, Fact, HistoryVerb, NamesFault, StateVerb }
