/** A command line, parsed: what the words, operators and redirections say, nothing expanded yet. */
export type List = readonly Step[]

/** A pipeline and the operator that follows it. */
export type Step = { readonly pipeline: Pipeline; readonly next: '&&' | '||' | ';' }
export type Pipeline = { readonly negated: boolean; readonly commands: readonly Simple[] }
export type Simple = {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
}
export type Redirect =
  | { readonly kind: 'file'; readonly operator: '<' | '>' | '>>'; readonly fd: number; readonly target: Word }
  | { readonly kind: 'duplicate'; readonly fd: number; readonly from: number }
export type Word = readonly Part[]
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly list: List; readonly quoted: boolean }

export type Fault =
  /** More lines are wanted: an open quote, a pipe at the end. */
  | { readonly kind: 'incomplete'; readonly what: string }
  | { readonly kind: 'syntax'; readonly near: string }
  | { readonly kind: 'not-simulated'; readonly what: string }

export class SyntaxFault extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.kind)
    this.fault = fault
  }
}

export const notYet = (what: string): SyntaxFault => new SyntaxFault({ kind: 'not-simulated', what })
export const unexpected = (near: string): SyntaxFault => new SyntaxFault({ kind: 'syntax', near })
export const unfinished = (what: string): SyntaxFault => new SyntaxFault({ kind: 'incomplete', what })
