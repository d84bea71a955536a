// Shapes of the verbs that look back.
export type PacketAsked = {
  /** A display filter; empty for any packet. */
  readonly filter: string
  /** A machine, or `machine/adapter`. */
  readonly at?: string
  readonly direction?: 'in' | 'out'
  /** `dropped`, or one of the verdicts of the packet list. */
  readonly verdict?: string
  /** A pattern of the line that caused it. */
  readonly by?: string
}

export type HistoryVerb =
  | {
      readonly kind: 'command-used'
      readonly machine: string
      readonly pattern: string
      /** It ended with status 0. */
      readonly succeeded?: boolean
      readonly expect?: boolean
    }
  | { readonly kind: 'packet-seen'; readonly machine: string; readonly protocol: string; readonly text: string }
  | ({
      readonly kind: 'packets'
      /** Lab times in microseconds. */
      readonly since?: number
      readonly until?: number
      readonly atLeast?: number
      readonly atMost?: number
      readonly expect: boolean
    } & PacketAsked)
  | {
      readonly kind: 'packet-order'
      readonly steps: readonly PacketAsked[]
      /** From each to the next, in microseconds. */
      readonly within?: number
      readonly expect: boolean
    }
  | { readonly kind: 'history'; readonly query: string; readonly expect: boolean }
