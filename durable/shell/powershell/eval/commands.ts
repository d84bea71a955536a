import { programs } from '../../windows/index.ts'
import type { Gen } from '../../windows/program.ts'
import { aliases } from '../aliases.ts'
import { type Given, takesValue } from '../binding/bind.ts'
import type { Signature } from '../binding/signature.ts'
import type { Cmdlet } from '../cmdlet.ts'
import { cmdletNamed, signatureOf } from '../cmdlets/index.ts'
import { NotSimulated, PsError } from '../errors.ts'
import { isRealCommand } from '../real-commands.ts'
import { documented } from '../signatures/index.ts'
import type { Argument, Element } from '../syntax/ast.ts'
import { text } from '../values/text.ts'
import { isHash, isScript, type PsValue, unroll } from '../values/value.ts'
import { cmdletStage } from './cmdlet-stage.ts'
import { evaluate } from './expressions.ts'
import { functionNamed, functionStage, type PsFunction, signatureOf as parametersOf } from './function-stage.ts'
import type { Prepared } from './pipeline.ts'
import { programStage } from './program-stage.ts'
import { scriptFile } from './script-file.ts'
import { codeOf, isFunction, scriptStage } from './script-stage.ts'
import { childOf, extentOf, type Frame } from './session.ts'
import { readVariable } from './variables.ts'

type Command = Extract<Element, { kind: 'command' }>

/** Finds the command and evaluates its arguments. */
export function* prepareCommand(element: Command, frame: Frame): Gen<Prepared> {
  const named = yield* evaluate(element.name, frame)
  const own = dotted(element, frame) ? frame.scope : undefined
  if (isScript(named)) {
    const { body, line } = codeOf(named)
    if (!isFunction(body)) return scriptStage(named, yield* plainArguments(element.args, frame), frame, own)
    return yield* calling({ name: '', source: named.source, body, line }, element, frame, own)
  }
  const name = text(named)
  const file = scriptFile(name, element, frame)
  if (file !== undefined) return yield* calling(file, element, frame, own, true)
  const written = functionNamed(frame.session, aliasOf(frame, name) ?? name)
  if (written !== undefined) return yield* calling(written, element, frame, own)
  const found = available(findCommand(aliasOf(frame, name) ?? name), frame)
  switch (found.kind) {
    case 'cmdlet': {
      const signature = signatureOf(found.cmdlet)
      const { given, spans } = yield* namedArguments(element.args, signature, frame)
      return cmdletStage(found.cmdlet, signature, given, spans, element, frame)
    }
    case 'program':
      return programStage(found.program, yield* wordArguments(element.args, frame), frame)
    case 'real':
      yield* checkArguments(found.name, element, frame)
      throw new NotSimulated(`${found.name}: this is a real command, but it is not simulated here yet.`)
    default:
      throw unknownCommand(name, element, frame)
  }
}

/** `. name` runs in the scope it is called from. */
const dotted = (element: Command, frame: Frame): boolean => element.invoke && frame.line[element.start] === '.'

/** `script`: it is a file, whose scope `$script:` means. */
function* calling(
  it: PsFunction,
  element: Command,
  frame: Frame,
  own: Frame['scope'] | undefined,
  script = false,
): Gen<Prepared> {
  const signature = parametersOf(it)
  const { given } = yield* namedArguments(element.args, signature, frame)
  if (!script || own !== undefined) return functionStage(it, signature, given, element, frame, own)
  const scope = childOf(frame.scope)
  return functionStage(it, signature, given, element, { ...frame, script: scope }, scope)
}

/** An alias that somebody made in this console. */
function aliasOf(frame: Frame, name: string): string | undefined {
  const made = (frame.session.memory['aliases'] ?? {}) as Readonly<Record<string, string>>
  return made[name.toLowerCase()] ?? aliases.get(name.toLowerCase())
}

/** A documented cmdlet without behaviour takes its parameters all the same: what is wrong with them is told first. */
function* checkArguments(name: string, element: Command, frame: Frame): Gen {
  const known = documented.get(name.toLowerCase())
  if (known === undefined) return
  const signature = known.signature()
  const { given, spans } = yield* namedArguments(element.args, signature, frame)
  const start = (): never => {
    throw new NotSimulated('')
  }
  try {
    cmdletStage({ ...known, signature: '', synopsis: '', supports: 'all', start }, signature, given, spans, element, frame)
  } catch (error) {
    // Names and places of parameters are wrong whatever the values; values that do not fit may come of what is not simulated either.
    if (!(error instanceof PsError) || /^(Named|Positional|Ambiguous|MissingArg|ParameterAlready)/.test(error.record.id))
      throw error
  }
}

const hyperVModules = new Set(['Hyper-V', 'HostNetworkingService'])

/** The cmdlets of Hyper-V come with Hyper-V. */
function available(found: Found, frame: Frame): Found {
  const module =
    found.kind === 'cmdlet'
      ? found.cmdlet.module
      : found.kind === 'real'
        ? (documented.get(found.name.toLowerCase())?.module ?? '')
        : ''
  return frame.session.kernel.hyperV === undefined && hyperVModules.has(module) ? { kind: 'none' } : found
}

export type Found =
  | { readonly kind: 'cmdlet'; readonly cmdlet: Cmdlet }
  | { readonly kind: 'program'; readonly program: (typeof programs)[number] }
  | { readonly kind: 'real'; readonly name: string }
  | { readonly kind: 'none' }

/** Aliases first, then cmdlets, then programs, as PowerShell itself searches. */
export function findCommand(name: string): Found {
  const lower = name.toLowerCase().replace(/^.*\\(?=[\w-]+\.exe$)/, '')
  const target = aliases.get(lower) ?? lower
  const cmdlet = cmdletNamed(target.replace(/^.*\\/, ''))
  if (cmdlet !== undefined) return { kind: 'cmdlet', cmdlet }
  const program = programs.find((one) => one.name === target.toLowerCase().replace(/\.exe$/, ''))
  if (program !== undefined) return { kind: 'program', program }
  const real = isRealCommand(target)
  return real === undefined ? { kind: 'none' } : { kind: 'real', name: real }
}

function unknownCommand(name: string, element: Command, frame: Frame): PsError {
  return new PsError({
    message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
    command: name,
    activity: '',
    category: 'ObjectNotFound',
    target: `${name}:String`,
    exception: 'CommandNotFoundException',
    id: 'CommandNotFoundException',
    extent: extentOf(frame, element.name),
  })
}

function* plainArguments(args: readonly Argument[], frame: Frame): Gen<PsValue[]> {
  const out: PsValue[] = []
  for (const arg of args)
    if (arg.kind === 'splat') out.push(...unroll(readVariable(frame, '', arg.name)))
    else out.push(arg.kind === 'value' ? yield* evaluate(arg.value, frame) : frame.line.slice(arg.start, arg.end))
  return out
}

/** A parameter takes the value behind it unless it is a switch. */
function* namedArguments(
  args: readonly Argument[],
  signature: Signature,
  frame: Frame,
): Gen<{ given: Given[]; spans: Argument[] }> {
  const given: Given[] = []
  const spans: Argument[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (arg.kind === 'splat') {
      for (const one of splatted(readVariable(frame, '', arg.name))) {
        given.push(one)
        spans.push(arg)
      }
      continue
    }
    spans.push(arg)
    if (arg.kind === 'value') {
      given.push({ kind: 'value', ...(yield* argumentValue(arg, frame)) })
      continue
    }
    const next = args[i + 1]
    if (arg.value !== undefined) given.push({ kind: 'named', name: arg.name, value: yield* evaluate(arg.value, frame) })
    else if (next?.kind === 'value' && takesValue(signature, arg.name)) {
      given.push({ kind: 'named', name: arg.name, ...(yield* argumentValue(next, frame)) })
      i++
    } else given.push({ kind: 'named', name: arg.name, value: undefined })
  }
  return { given, spans }
}

/** A hash gives parameters by name, a list values in their order. */
const splatted = (value: PsValue): Given[] =>
  isHash(value)
    ? [...value.entries].map(([name, each]) => ({ kind: 'named', name, value: each }))
    : unroll(value).map((each) => ({ kind: 'value', value: each }))

function* argumentValue(arg: Extract<Argument, { kind: 'value' }>, frame: Frame): Gen<{ value: PsValue; raw?: string }> {
  const value = yield* evaluate(arg.value, frame)
  return arg.bare && typeof value === 'number' ? { value, raw: frame.line.slice(arg.start, arg.end) } : { value }
}

/** A program gets words: bare ones as typed, lists item by item. */
function* wordArguments(args: readonly Argument[], frame: Frame): Gen<string[]> {
  const words: string[] = []
  for (const arg of args) {
    if (arg.kind === 'parameter') {
      const written = frame.line.slice(arg.start, arg.end)
      if (arg.value === undefined || arg.value.kind === 'literal') words.push(written.replace(/(["'])(.*)\1$/, '$2'))
      else words.push(`-${arg.name}:${text(yield* evaluate(arg.value, frame))}`)
      continue
    }
    if (arg.kind === 'splat') {
      words.push(...unroll(readVariable(frame, '', arg.name)).map((item) => text(item)))
      continue
    }
    const value = yield* evaluate(arg.value, frame)
    if (arg.bare && typeof value === 'number') words.push(frame.line.slice(arg.start, arg.end))
    else if (arg.value.kind === 'list' && !/\s/.test(frame.line.slice(arg.start, arg.end)) && Array.isArray(value))
      words.push(value.map((item) => text(item)).join(','))
    else if (Array.isArray(value)) words.push(...value.map((item) => text(item)))
    else words.push(text(value))
  }
  return words
}
