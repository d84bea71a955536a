/** Where in the line something stands. */
export type Extent = { readonly line: string; readonly start: number; readonly end: number }

export type ErrorRecord = {
  readonly message: string
  /** Name before the colon; empty when the error comes from the language. */
  readonly command: string
  readonly category: string
  /** `nosuch:String`; empty target shows as `:`. */
  readonly target: string
  readonly exception: string
  readonly id: string
  readonly extent: Extent
  /** In the brackets of the category line when it is not the command. */
  readonly activity?: string
  /** By `throw`, or under `Stop`: it ends more than its statement. */
  readonly thrown?: boolean
  /** Further .NET types that a `catch` may name: `System.DivideByZeroException`. */
  readonly also?: readonly string[]
  /** The three lines of the place, of a record that was kept: `extent` is then not looked at. */
  readonly position?: string
}

/** Ends the statement, is shown, and the line goes on after it. */
export class PsError extends Error {
  readonly record: ErrorRecord
  /** Where errors go has it already. */
  shown = false
  constructor(record: ErrorRecord) {
    super(record.message)
    this.record = record
  }
}

/** One line instead of an error record: something real that has no behaviour here. */
export class NotSimulated extends Error {}

/** The line does not parse. `incomplete`: more input could make it whole. */
export class ParseError extends Error {
  readonly start: number
  readonly end: number
  readonly incomplete: boolean
  readonly id: string
  constructor(message: string, id: string, start: number, end: number, incomplete = false) {
    super(message)
    this.id = id
    this.start = start
    this.end = end
    this.incomplete = incomplete
  }
}

/** The whole line stops: its budget is spent. */
export class Halt extends Error {}

/** `exit`: the script file that is run ends, or the line. */
export class ExitSignal extends Error {
  readonly code: number
  constructor(code: number) {
    super('exit')
    this.code = code
  }
}

export class FlowSignal extends Error {
  readonly flow: 'break' | 'continue' | 'return'
  /** Of the loop that is meant, in lower case; empty: the nearest. */
  readonly label: string
  constructor(flow: 'break' | 'continue' | 'return', label = '') {
    super(flow)
    this.flow = flow
    this.label = label
  }
}

const LONGEST = 69

/** `At line:1 char:5` and the line with the place marked under it. */
export function positionText(record: ErrorRecord): string {
  if (record.position !== undefined) return record.position
  const { extent } = record
  const before = extent.line.slice(0, extent.start)
  const row = before.split('\n').length
  const rowStart = before.lastIndexOf('\n') + 1
  const rowEnd = extent.line.indexOf('\n', extent.start)
  const source = extent.line.slice(rowStart, rowEnd < 0 ? undefined : rowEnd)
  const column = extent.start - rowStart
  const length = Math.max(1, Math.min(extent.end - rowStart, source.length) - column)
  const [shown, marks] = excerpt(source, column, length)
  return `At line:${row} char:${column + 1}\n+ ${shown}\n+ ${marks}`
}

/** `InvalidArgument: (nosuch:String) [Get-VM], VirtualizationException` */
export const categoryText = (record: ErrorRecord): string =>
  `${record.category}: (${ellipsis(record.target === '' ? ':' : record.target)}) [${record.activity ?? record.command}], ${record.exception}`

/** What an error looks like in Windows PowerShell 5.1: the message and the five lines under it. */
export const errorText = (record: ErrorRecord): string =>
  [
    `${record.command === '' ? '' : `${record.command} : `}${record.message}`,
    positionText(record),
    `    + CategoryInfo          : ${categoryText(record)}`,
    `    + FullyQualifiedErrorId : ${record.id}`,
    ' ',
    '',
  ].join('\n')

/** Targets over 40 characters keep 15 at each end. */
function ellipsis(target: string): string {
  const colon = target.lastIndexOf(':')
  const name = target.slice(0, colon)
  return name.length <= 40 ? target : `${name.slice(0, 15)}...${name.slice(-15)}${target.slice(colon)}`
}

function excerpt(source: string, column: number, length: number): [string, string] {
  if (source.length <= LONGEST) return [source, ' '.repeat(column) + '~'.repeat(length)]
  const after = source.length - length - column
  let prefix = Math.min(column, 12)
  let suffix = Math.min(after, 8)
  let marked = length
  if (prefix + length + suffix >= LONGEST) {
    if (prefix + length >= LONGEST) {
      marked = LONGEST - prefix
      suffix = 0
    }
  } else {
    prefix += Math.min(column - prefix, LONGEST - prefix - length - suffix)
    suffix += Math.min(after - suffix, LONGEST - prefix - length - suffix)
  }
  const dotsBefore = prefix < column ? '... ' : ''
  const dotsAfter = suffix < after || marked < length ? ' ...' : ''
  const shown = dotsBefore + source.slice(column - prefix, column + marked + suffix) + dotsAfter
  return [shown, ' '.repeat(dotsBefore.length + prefix) + '~'.repeat(marked)]
}
