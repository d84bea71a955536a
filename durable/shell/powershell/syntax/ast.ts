// Every node carries where it stands in the line, for error messages.

export type Span = { readonly start: number; readonly end: number }

export type Expr = Span &
  (
    | { readonly kind: 'literal'; readonly value: number | string }
    | { readonly kind: 'text'; readonly parts: readonly (string | Expr)[] }
    | { readonly kind: 'variable'; readonly name: string; readonly scope: string }
    | { readonly kind: 'member'; readonly target: Expr; readonly name: Expr; readonly fixed: boolean }
    | {
        readonly kind: 'call'
        readonly target: Expr
        readonly name: Expr
        readonly fixed: boolean
        readonly args: readonly Expr[]
      }
    | { readonly kind: 'index'; readonly target: Expr; readonly index: Expr }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expr }
    | { readonly kind: 'step'; readonly operator: '++' | '--'; readonly prefix: boolean; readonly operand: Expr }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
    | { readonly kind: 'list'; readonly items: readonly Expr[] }
    | { readonly kind: 'group'; readonly body: Statement }
    | { readonly kind: 'sub'; readonly body: readonly Statement[] }
    | { readonly kind: 'array'; readonly body: readonly Statement[] }
    | { readonly kind: 'hash'; readonly pairs: readonly { readonly key: Expr; readonly value: Statement }[] }
    | { readonly kind: 'script'; readonly source: string; readonly body: FunctionBody }
    | { readonly kind: 'type'; readonly name: string }
    | { readonly kind: 'cast'; readonly type: string; readonly operand: Expr }
  )

export type Argument = Span &
  (
    | { readonly kind: 'value'; readonly value: Expr; readonly bare: boolean }
    /** `-Name` or `-Name:value`. */
    | { readonly kind: 'parameter'; readonly name: string; readonly value: Expr | undefined }
    /** `@name`: what the variable holds, as arguments. */
    | { readonly kind: 'splat'; readonly name: string }
  )

export type Redirection = Span & {
  readonly stream: '1' | '2' | '3' | '4' | '5' | '6' | '*'
  readonly append: boolean
  /** `2>&1` */
  readonly merge: boolean
  readonly target: Expr | undefined
}

export type Element = Span &
  (
    | {
        readonly kind: 'command'
        readonly name: Expr
        readonly invoke: boolean
        readonly args: readonly Argument[]
        readonly redirections: readonly Redirection[]
      }
    | { readonly kind: 'expression'; readonly value: Expr; readonly redirections: readonly Redirection[] }
  )

export type Block = readonly Statement[]

export type Statement = Span &
  (
    | { readonly kind: 'pipeline'; readonly elements: readonly Element[] }
    | { readonly kind: 'assign'; readonly target: Expr; readonly operator: string; readonly value: Statement }
    | {
        readonly kind: 'if'
        readonly clauses: readonly { readonly test: Statement; readonly body: Block }[]
        readonly otherwise: Block | undefined
      }
    | { readonly kind: 'trap'; readonly types: readonly string[]; readonly body: Block }
    | {
        readonly kind: 'foreach'
        readonly label: string
        readonly variable: string
        readonly items: Statement
        readonly body: Block
      }
    | {
        readonly kind: 'for'
        readonly label: string
        readonly before: Statement | undefined
        readonly test: Statement | undefined
        readonly after: Statement | undefined
        readonly body: Block
      }
    | {
        readonly kind: 'while'
        readonly label: string
        readonly test: Statement
        readonly body: Block
        readonly testFirst: boolean
        readonly until: boolean
      }
    | {
        readonly kind: 'flow'
        readonly flow: 'break' | 'continue' | 'return' | 'exit'
        readonly value: Statement | undefined
        /** Of the loop that is meant, in lower case. */
        readonly label: string
      }
    | { readonly kind: 'throw'; readonly value: Statement | undefined }
    /** `source` is the whole declaration: what a console keeps of it. */
    | { readonly kind: 'function'; readonly name: string; readonly body: FunctionBody; readonly source: string }
    | { readonly kind: 'try'; readonly body: Block; readonly catches: readonly Catch[]; readonly last: Block | undefined }
    | {
        readonly kind: 'switch'
        readonly label: string
        readonly match: 'exact' | 'wildcard' | 'regex'
        readonly caseSensitive: boolean
        readonly value: Statement
        readonly clauses: readonly SwitchClause[]
      }
  )

export type ParameterDeclaration = Span & {
  readonly name: string
  /** As written, without the brackets of an array; empty = any. */
  readonly type: string
  readonly array: boolean
  readonly mandatory: boolean
  readonly pipeline: boolean
  readonly byName: boolean
  /** Takes all values that are left. */
  readonly rest: boolean
  /** Names of the parameter sets it is in; none: all. */
  readonly sets: readonly string[]
  readonly validations: readonly Validation[]
  readonly position: number | undefined
  readonly aliases: readonly string[]
  readonly accepted: readonly string[]
  /** It has a [Parameter()] of its own, which makes the function an advanced one. */
  readonly attributed: boolean
  readonly value: Expr | undefined
}

export type Validation =
  | { readonly kind: 'range' | 'length' | 'count'; readonly low: number; readonly high: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'script'; readonly source: string }
  | { readonly kind: 'not-null' | 'not-empty' | 'empty-too' }

export type FunctionBody = {
  readonly parameters: readonly ParameterDeclaration[]
  /** It refuses what it has no parameter for. */
  readonly advanced: boolean
  /** SupportsShouldProcess, with its impact. */
  readonly asks: boolean
  readonly impact: string
  /** The default parameter set; empty: none. */
  readonly usualSet: string
  readonly begin: Block
  readonly process: Block | undefined
  readonly end: Block
}

/** No types: it catches everything. */
export type Catch = { readonly types: readonly string[]; readonly body: Block }

/** No test: the default. */
export type SwitchClause = { readonly test: Expr | undefined; readonly body: Block }
