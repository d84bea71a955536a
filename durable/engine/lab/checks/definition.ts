// What checks are, as plain data: the value of an entry under `checks` after validation. The shapes that people write stand in
// durable/definition/checks, one to one.

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

/** What a check asks, at the level of intent. Machines by name; `subnet: default-switch` stands for the current prefix. */
export type CheckVerb =
  | { readonly kind: 'has-lease'; readonly machine: string; readonly subnet: string; readonly from: string }
  | { readonly kind: 'reaches'; readonly machine: string; readonly target: string; readonly expect: boolean }
  | {
      readonly kind: 'resolves'
      readonly machine: string
      readonly name: string
      readonly server: string
      readonly tcp: boolean
      readonly to: string
      readonly expect: boolean
    }
  | { readonly kind: 'neighbor'; readonly machine: string; readonly of: string; readonly state: string }
  | {
      readonly kind: 'socket'
      readonly machine: string
      readonly protocol: 'tcp' | 'udp'
      readonly port: number
      readonly owner: string
      readonly expect: boolean
    }
  | { readonly kind: 'command-used'; readonly machine: string; readonly pattern: string }
  | { readonly kind: 'packet-seen'; readonly machine: string; readonly protocol: string; readonly text: string }
  | {
      readonly kind: 'prints'
      readonly machine: string
      readonly line: string
      readonly shows: string
      readonly expect: boolean
    }
  | { readonly kind: 'moved'; readonly machine: string }
