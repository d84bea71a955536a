import { resolvePath } from '../../windows/path.ts'
import type { Gen } from '../../windows/program.ts'
import type { Regex } from '../../windows/regex/regex.ts'
import type { Call, Cmdlet } from '../cmdlet.ts'
import { compiled, OperatorFault } from '../eval/operators.ts'
import { formatted } from '../format/render.ts'
import { object, type PsValue } from '../values/value.ts'

type Hit = { line: string; number: number; before: string[]; after: string[]; pattern: string; file: string; found: string[] }

export const selectString: Cmdlet = {
  name: 'Select-String',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Finds text in strings and files.',
  supports: [
    'InputObject',
    'Pattern',
    'Path',
    'SimpleMatch',
    'CaseSensitive',
    'Context',
    'NotMatch',
    'Quiet',
    'AllMatches',
    'List',
  ],
  signature:
    '{Object,File} InputObject:PSObject<v#0 Pattern![]@0 Path![]@1<n(PSPath,FullName)#1 SimpleMatch? CaseSensitive? Context:Int32[] NotMatch? Quiet? AllMatches? List? Include[] Exclude[] Encoding',
  defaultSet: 'Object',
  start(call) {
    const { bound } = call
    const exact = bound.flag('CaseSensitive')
    const quoted = (pattern: string) => (bound.flag('SimpleMatch') ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern)
    const tests = bound.texts('Pattern').map((pattern) => ({ pattern, regex: checked(call, pattern, quoted(pattern), !exact) }))
    const [before = 0, after = before] = bound.numbers('Context')
    const piped = new Search(call, tests, before, after, 'InputStream')
    return {
      *process(each, input) {
        for (const path of each.texts('Path')) {
          const full = resolvePath(call.frame.session.cwd, path, call.kernel.identity().user)
          const content = call.kernel.readFile(full)
          if (content === undefined) {
            call.error({
              message: `Cannot find path '${full}' because it does not exist.`,
              category: 'ObjectNotFound',
              target: `${full}:String`,
              exception: 'ItemNotFoundException',
              id: 'PathNotFound',
            })
            continue
          }
          const search = new Search(call, tests, before, after, full)
          for (const line of content.replace(/\r?\n$/, '').split(/\r?\n/)) yield* search.line(line)
          yield* search.end()
        }
        if (each.has('Path') || input === undefined) return
        // One object is one line, even where its text has several.
        yield* piped.line(typeof input === 'string' ? input : formatted([input]).trim())
      },
      *end() {
        yield* piped.end()
        if (bound.flag('Quiet') && piped.hits === 0 && !bound.has('Path')) yield* call.emit(false)
      },
    }
  },
}

/** Keeps the lines around matches; a line is shown once, however many contexts it is in. */
class Search {
  hits = 0
  private number = 0
  private earlier: string[] = []
  private open: Hit | undefined
  private readonly call: Call
  private readonly tests: readonly { readonly pattern: string; readonly regex: ReturnType<typeof compiled> }[]
  private readonly before: number
  private readonly after: number
  private readonly file: string

  constructor(call: Call, tests: Search['tests'], before: number, after: number, file: string) {
    this.call = call
    this.tests = tests
    this.before = before
    this.after = after
    this.file = file
  }

  *line(line: string): Gen {
    this.number++
    const { bound } = this.call
    const test = this.tests.find(({ regex }) => regex.match(line) !== undefined)
    const hit = (test !== undefined) !== bound.flag('NotMatch')
    if (!hit) {
      if (this.open !== undefined) {
        this.open.after.push(line)
        if (this.open.after.length >= this.after) yield* this.flush()
      } else {
        this.earlier.push(line)
        if (this.earlier.length > this.before) this.earlier.shift()
      }
      return
    }
    yield* this.flush()
    this.hits++
    if (bound.flag('Quiet')) {
      if (this.hits === 1) yield* this.call.emit(true)
      return
    }
    if (bound.flag('List') && this.hits > 1) return
    const found = test === undefined ? undefined : test.regex.match(line)
    this.open = {
      line,
      number: this.number,
      before: this.earlier,
      after: [],
      pattern: test?.pattern ?? this.tests[0].pattern,
      file: this.file,
      found: found === undefined ? [] : bound.flag('AllMatches') && test ? everyMatch(test.regex, line) : [found.text],
    }
    this.earlier = []
    if (this.after === 0) yield* this.flush()
  }

  *end(): Gen {
    yield* this.flush()
  }

  private *flush(): Gen {
    const hit = this.open
    this.open = undefined
    if (hit === undefined) return
    const name = hit.file === 'InputStream' ? '' : hit.file
    const place = (number: number) => (name === '' ? '' : `${name}:${number}:`)
    const context = this.before > 0 || this.after > 0
    const shown = context
      ? [
          ...hit.before.map((text, i) => `  ${place(hit.number - hit.before.length + i)}${text}`),
          `> ${place(hit.number)}${hit.line}`,
          ...hit.after.map((text, i) => `  ${place(hit.number + 1 + i)}${text}`),
        ]
      : [`${place(hit.number)}${hit.line}`]
    const contextObject: PsValue = context
      ? object('Microsoft.PowerShell.Commands.MatchInfoContext', { PreContext: hit.before, PostContext: hit.after })
      : null
    const file = name === '' ? 'InputStream' : name.replace(/^.*\\/, '')
    const matches = hit.found.map((text) =>
      object('System.Text.RegularExpressions.Match', { Success: true, Length: text.length, Value: text }, text),
    )
    yield* this.call.emit(
      object(
        'Microsoft.PowerShell.Commands.MatchInfo',
        {
          IgnoreCase: !this.call.bound.flag('CaseSensitive'),
          LineNumber: hit.number,
          Line: hit.line,
          Filename: file,
          Path: name === '' ? 'InputStream' : name,
          Pattern: hit.pattern,
          Context: contextObject,
          Matches: matches,
        },
        shown.join('\n'),
      ),
    )
  }
}

function everyMatch(regex: Regex, line: string): string[] {
  const found: string[] = []
  for (let at = 0; at <= line.length; ) {
    const one = regex.match(line, at)
    if (one === undefined) break
    found.push(one.text)
    at = one.text === '' ? one.index + 1 : one.index + one.text.length
  }
  return found
}

function checked(call: Call, pattern: string, source: string, ignoreCase: boolean): Regex {
  try {
    return compiled(source, ignoreCase)
  } catch (error) {
    if (!(error instanceof OperatorFault)) throw error
    return call.fail({
      message: `The string ${pattern} is not a valid regular expression: ${error.message}`,
      category: 'InvalidArgument',
      exception: 'ArgumentException',
      id: 'InvalidRegex',
    })
  }
}
