import { member } from '../eval/members.ts'
import type { Session } from '../eval/session.ts'
import { baseOf } from '../eval/types.ts'
import { ERROR_RECORD, errorObjectText } from '../values/error-object.ts'
import { line, text } from '../values/text.ts'
import { isHash, isObject, kindOf, object, type PsObject, type PsValue } from '../values/value.ts'
import { viewOf } from '../views/index.ts'
import { listLines } from './list.ts'
import { type TableStyle, tableLines } from './table.ts'
import { col, type Row, type View } from './view.ts'

/** An object that carries what a Format cmdlet made. */
export const FORMATTED = 'Microsoft.PowerShell.Commands.Internal.Format.FormatStartData'

/** Objects with more properties than this and no view are shown as a list. */
const TABLE_LIMIT = 4

/** A type as the table that shows types. */
const typeRow = (name: string): PsObject =>
  object('System.RuntimeType', {
    IsPublic: true,
    IsSerial: true,
    Name: text(member({ kind: 'type', name }, 'Name')),
    BaseType: baseOf(name),
  })

const SPAN_PARTS =
  'Days Hours Minutes Seconds Milliseconds Ticks TotalDays TotalHours TotalMinutes TotalSeconds TotalMilliseconds'.split(' ')

/** A span of time as the list that shows it. */
const spanRows = (value: PsValue): PsObject =>
  object('System.TimeSpan', Object.fromEntries(SPAN_PARTS.map((name) => [name, member(value, name)])))

/** What came through `2>&1` and its siblings is shown as it would have been. */
function streamText(item: PsObject): string | undefined {
  switch (item.types[0]) {
    case ERROR_RECORD:
      return errorObjectText(item)
    case 'System.Management.Automation.WarningRecord':
      return `WARNING: ${item.text}\n`
    case 'System.Management.Automation.VerboseRecord':
      return `VERBOSE: ${item.text}\n`
    case 'System.Management.Automation.DebugRecord':
      return `DEBUG: ${item.text}\n`
    case 'System.Management.Automation.InformationRecord':
      return `${item.text?.replace(/\n$/, '')}\n`
    default:
      return undefined
  }
}

export const allRows = (item: PsObject): Row[] => [...item.props.keys()].map((name) => ({ label: name, value: name }))

/** What a pipeline ends in: objects become tables and lists, text goes through as it is. */
export class Formatter {
  private readonly write: (text: string) => void
  private key = ''
  private finish: (() => void) | undefined
  private add: ((item: PsObject) => void) | undefined

  constructor(write: (text: string) => void) {
    this.write = write
  }

  push(value: PsValue): void {
    if (value === null) return
    if (Array.isArray(value)) {
      for (const item of value) this.push(item)
      return
    }
    const item = isHash(value)
      ? undefined
      : kindOf(value) === 'type'
        ? typeRow(text(value))
        : kindOf(value) === 'span'
          ? spanRows(value)
          : value
    if (isHash(value)) {
      for (const [name, entry] of value.entries)
        this.shown({
          kind: 'object',
          types: ['System.Collections.DictionaryEntry'],
          props: new Map<string, PsValue>([
            ['Name', name],
            ['Value', entry],
          ]),
        })
      return
    }
    if (item !== undefined && isObject(item)) {
      const stream = streamText(item)
      if (item.types[0] === FORMATTED || stream !== undefined) {
        this.end()
        this.write(stream ?? item.text ?? '')
      } else if (
        item.props.size === 0 ||
        (viewOf(item) === undefined && item.text !== undefined && item.types[0].startsWith('System.'))
      ) {
        this.end()
        this.write(`${line(item)}\n`)
      } else this.shown(item)
      return
    }
    this.end()
    this.write(`${line(value)}\n`)
  }

  /** Closes the table or list that is open. */
  end(): void {
    this.finish?.()
    this.finish = undefined
    this.add = undefined
    this.key = ''
  }

  private shown(item: PsObject): void {
    const view = viewOf(item)
    const key =
      view === undefined
        ? `${item.types[0]}|${[...item.props.keys()].join('|')}`
        : view.type + (view.heading?.(item).join('|') ?? '')
    if (key !== this.key) {
      // A pipeline that began with a table of one unnamed shape shows what follows by that shape.
      this.end()
      this.key = key
      this.open(item, view)
    }
    this.add?.(item)
  }

  private open(item: PsObject, view: View | undefined): void {
    const lines = (all: readonly string[]) => this.write(all.map((one) => `${one}\n`).join(''))
    if (view?.lines !== undefined) {
      const { lines: own } = view
      lines(view.heading?.(item) ?? [''])
      this.add = (one) => lines(own(one))
      this.finish = () => lines(['', ''])
    } else if (view?.usual === 'table' || (view === undefined && item.props.size <= TABLE_LIMIT)) {
      const style: TableStyle =
        view?.table === undefined
          ? {
              columns: [...item.props.keys()].map((name) => col(name)),
              auto: false,
              wrap: false,
              hideHeaders: false,
              known: false,
            }
          : {
              columns: from(item) ? [...view.table.columns, col('PSComputerName')] : view.table.columns,
              auto: view.table.auto === true,
              wrap: false,
              hideHeaders: false,
              known: true,
            }
      if (view?.heading !== undefined) lines(view.heading(item))
      this.openTable(style, lines)
    } else {
      lines([''])
      this.add = (one) => lines(['', ...listLines(view?.list ?? allRows(one), one)])
      this.finish = () => lines(['', ''])
    }
  }

  private openTable(style: TableStyle, lines: (all: readonly string[]) => void): void {
    const held: PsObject[] = []
    let open = false
    this.add = (item) => {
      if (style.auto) held.push(item)
      else {
        const all = tableLines(style, [item])
        lines(open ? all.slice(-1) : ['', ...all])
        open = true
      }
    }
    this.finish = () => lines(style.auto ? ['', ...tableLines(style, held), '', ''] : ['', ''])
  }
}

/** The text that the console would show. */
export function formatted(values: readonly PsValue[], _session?: Session): string {
  let out = ''
  const formatter = new Formatter((text) => {
    out += text
  })
  for (const value of values) formatter.push(value)
  formatter.end()
  return out
}

/** It came from another computer. */
const from = (item: PsObject): boolean => item.types[0]?.startsWith('Deserialized.') === true && item.props.has('PSComputerName')
