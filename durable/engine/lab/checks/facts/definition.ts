// Shapes of what can be asked about a lab: a fact, how it is compared, and the tasks whose right answer it is.
import type { Step } from '../definition.ts'

/** What a fact is about. */
export const SUBJECTS = [
  'machine',
  'adapter',
  'neighbor',
  'route',
  'socket',
  'dhcp-lease',
  'dns-cache',
  'switch',
  'default-switch',
  'vm',
  'vm-adapter',
  'nat',
  'firewall-rule',
  'firewall-profile',
  'vpn',
  'service',
  'parameter',
] as const
export type Subject = (typeof SUBJECTS)[number]

/** `name` says which one of those that the machine has; absent: the only one, or the first. */
export type Fact = {
  readonly machine: string
  readonly of: Subject
  readonly name?: string
  readonly field: string
}

/** How values are written, and so what counts as the same. */
export const FORMATS = [
  'text',
  'name',
  'number',
  'prefix-length',
  'address',
  'subnet',
  'mac',
  'duration',
  'yes-no',
  'id',
] as const
export type Format = (typeof FORMATS)[number]

export type Value = string | number | boolean
/** Exactly one of them. */
export type Comparing = {
  readonly is?: Value
  readonly isNot?: Value
  readonly oneOf?: readonly Value[]
  /** Of a list: this is in it. */
  readonly has?: Value
  readonly lacks?: Value
  /** A pattern with `*` and `?`. */
  readonly matches?: string
  readonly atLeast?: Value
  readonly atMost?: Value
  /** A network or a range. */
  readonly in?: string
  readonly exists?: boolean
  readonly sameAs?: Fact
  /** Since the lab began. */
  readonly changed?: boolean
}

export type Choice = { readonly id: string; readonly text: string }

export type Answering = {
  readonly kind: 'answer'
  readonly question: string
  /** The right answer is what this is; or one of these. */
  readonly value?: Fact
  readonly oneOf?: readonly string[]
  /** Other ways to say what is right. */
  readonly also?: readonly string[]
  /** Only what is in this network or range is right. */
  readonly in?: string
  readonly format?: Format
  /** Several values in any order. */
  readonly list: boolean
  /** `answered`: as it was when the answer was given; `ever`: as it was then, in the beginning, or at any time between as far as that is kept. */
  readonly when: 'answered' | 'ever' | 'now' | 'beginning'
  /** In a copy to which this was done. */
  readonly after: readonly Step[]
  readonly choices?: readonly Choice[]
  /** Answers that are taken; absent: any number. */
  readonly attempts?: number
}

export type NamesFault = {
  readonly kind: 'names-fault'
  readonly question: string
  readonly fault: string
  readonly choices: readonly Choice[]
  readonly attempts?: number
}
