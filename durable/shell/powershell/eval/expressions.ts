import { done, type Gen } from '../../windows/program.ts'
import { NotSimulated, PsError } from '../errors.ts'
import type { Expr } from '../syntax/ast.ts'
import { toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { collect, entryOf, isHash, kindOf, type PsHash, type PsValue, typeName } from '../values/value.ts'
import { cast } from './cast.ts'
import { at, member, ownMember } from './members.ts'
import { method } from './methods.ts'
import { binary, joined, OperatorFault, split } from './operators.ts'
import { isPsCmdlet, psCmdlet } from './ps-cmdlet.ts'
import { boundText, type Frame, languageError, spend } from './session.ts'
import { runStatement, runStatements } from './statements.ts'
import { staticCall } from './statics.ts'
import { fullType, unknownType } from './types.ts'
import { constrain, readVariable, writeVariable } from './variables.ts'

export function* evaluate(e: Expr, frame: Frame): Gen<PsValue> {
  spend(frame.session)
  try {
    return yield* value(e, frame)
  } catch (error) {
    if (error instanceof OperatorFault)
      throw languageError(
        frame,
        e,
        error.message,
        error.id,
        error.category ?? (error.id.startsWith('InvalidCast') ? 'InvalidArgument' : 'InvalidOperation'),
        error.exception,
        error.also,
      )
    throw error
  }
}

function* value(e: Expr, frame: Frame): Gen<PsValue> {
  switch (e.kind) {
    case 'literal':
      return e.value
    case 'text':
      return yield* expand(e.parts, frame)
    case 'variable':
      return readVariable(frame, e.scope, e.name)
    case 'member': {
      if (e.fixed) return yield* statics(e, frame, [])
      const target = yield* evaluate(e.target, frame)
      return member(target, text(yield* evaluate(e.name, frame)))
    }
    case 'call': {
      const args: PsValue[] = []
      for (const arg of e.args) args.push(yield* evaluate(arg, frame))
      if (e.fixed) return yield* statics(e, frame, args)
      const target = yield* evaluate(e.target, frame)
      const name = text(yield* evaluate(e.name, frame))
      if (isErrors(e.target) && name.toLowerCase() === 'clear') {
        frame.session.errors.length = 0
        return null
      }
      return isPsCmdlet(target) ? yield* psCmdlet(target, name, args, frame) : yield* method(target, name, args, frame)
    }
    case 'index': {
      const target = yield* evaluate(e.target, frame)
      return at(target, yield* evaluate(e.index, frame))
    }
    case 'unary':
      return yield* unary(e.operator, e.operand, frame)
    case 'step':
      return yield* step(e.operator, e.prefix, e.operand, frame)
    case 'binary':
      return yield* operation(e, frame)
    case 'list': {
      const items: PsValue[] = []
      for (const item of e.items) items.push(yield* evaluate(item, frame))
      return items
    }
    case 'group':
      return collect(yield* gather([e.body], frame))
    case 'sub':
      return collect(yield* gather(e.body, frame))
    case 'array': {
      return yield* gather(e.body, frame)
    }
    case 'hash':
      return yield* hash(e.pairs, frame)
    case 'script':
      return { kind: 'script', source: e.source, code: { body: e.body, line: frame.line } }
    case 'type':
      return { kind: 'type', name: existing(e.name, e, frame) }
    case 'cast': {
      const target =
        e.type.toLowerCase() === 'ordered' && e.operand.kind === 'hash'
          ? { ...(yield* hash(e.operand.pairs, frame)), ordered: true }
          : yield* evaluate(e.operand, frame)
      existing(e.type, e, frame)
      const made = cast(e.type, target)
      if (made === undefined) throw new NotSimulated(`[${e.type}]: this type is not simulated here yet.`)
      return made
    }
    default:
      return e satisfies never
  }
}

/** The full name of a type; a type that does not exist is an error. */
function existing(name: string, e: Expr, frame: Frame): string {
  const full = fullType(name)
  if (full !== undefined) return full
  throw new PsError({
    ...languageError(frame, e, unknownType(name), 'TypeNotFound').record,
    target: `${name}:TypeName`,
  })
}

const isErrors = (e: Expr): boolean => e.kind === 'variable' && e.name.toLowerCase() === 'error'

/** Runs statements and answers what they put out. */
export function* gather(body: Parameters<typeof runStatements>[0], frame: Frame): Gen<PsValue[]> {
  const out: PsValue[] = []
  const sink = (item: PsValue): Gen => {
    out.push(item)
    return done()
  }
  if (body.length === 1) yield* runStatement(body[0], frame, sink)
  else yield* runStatements(body, frame, sink)
  return out
}

function* expand(parts: readonly (string | Expr)[], frame: Frame): Gen<string> {
  let out = ''
  for (const part of parts) {
    out += typeof part === 'string' ? part : text(yield* evaluate(part, frame))
    boundText(out.length)
  }
  return out
}

function* statics(e: Extract<Expr, { kind: 'member' | 'call' }>, frame: Frame, args: PsValue[]): Gen<PsValue> {
  const name = text(yield* evaluate(e.name, frame))
  const target = yield* evaluate(e.target, frame)
  const type = kindOf(target) === 'type' ? (target as { name: string }).name : typeName(target)
  if (e.kind === 'member' && ownMember({ kind: 'type', name: type }, name) !== undefined && e.target.kind !== 'type')
    return member(target, name)
  return yield* staticCall(type, name, args, frame)
}

function* operation(e: Extract<Expr, { kind: 'binary' }>, frame: Frame): Gen<PsValue> {
  const left = yield* evaluate(e.left, frame)
  if (e.operator === '-and') return truth(left) && truth(yield* evaluate(e.right, frame))
  if (e.operator === '-or') return truth(left) || truth(yield* evaluate(e.right, frame))
  const right = yield* evaluate(e.right, frame)
  return binary(e.operator, left, right, (name, found) => writeVariable(frame, '', name, found))
}

function* unary(operator: string, operand: Expr, frame: Frame): Gen<PsValue> {
  const given = yield* evaluate(operand, frame)
  switch (operator) {
    case '!':
    case '-not':
      return !truth(given)
    case '-':
      return binary('-', 0, given, () => {})
    case '+':
      return binary('+', 0, given, () => {})
    case '-bnot':
      return -1 - (toNumber(given) ?? 0)
    case '-join':
      return joined(given, '')
    default:
      return split(text(given).trim(), '\\s+', true)
  }
}

function* step(operator: '++' | '--', prefix: boolean, operand: Expr, frame: Frame): Gen<PsValue> {
  const before = toNumber(yield* evaluate(operand, frame)) ?? 0
  const after = operator === '++' ? before + 1 : before - 1
  yield* assignTo(operand, after, frame)
  return prefix ? after : before
}

function* hash(pairs: Extract<Expr, { kind: 'hash' }>['pairs'], frame: Frame): Gen<PsHash> {
  const entries = new Map<string, PsValue>()
  for (const { key, value: body } of pairs) {
    const name = text(yield* evaluate(key, frame))
    entries.set(name, collect(yield* gather([body], frame)))
  }
  return { kind: 'hash', entries, ordered: false }
}

/** Stores into a variable, an item of a list or hash, or a property. */
export function* assignTo(target: Expr, given: PsValue, frame: Frame): Gen {
  if (target.kind === 'cast') {
    const made = cast(target.type, given)
    if (made === undefined) throw new NotSimulated(`[${target.type}]: this type is not simulated here yet.`)
    yield* assignTo(target.operand, made, frame)
    if (target.operand.kind === 'variable') constrain(frame, target.operand.scope, target.operand.name, target.type)
    return
  }
  if (target.kind === 'list') {
    // The last one takes what is left.
    const values = Array.isArray(given) ? given : [given]
    const last = target.items.length - 1
    for (const [at, item] of target.items.entries()) {
      const left = values.slice(at)
      yield* assignTo(item, at < last ? (values[at] ?? null) : left.length > 1 ? left : (left[0] ?? null), frame)
    }
    return
  }
  if (target.kind === 'variable') {
    const fault = writeVariable(frame, target.scope, target.name, given)
    if (fault !== undefined) throw languageError(frame, target, fault, 'VariableNotWritable', 'WriteError')
    return
  }
  if (target.kind !== 'index' && target.kind !== 'member')
    throw new NotSimulated('This form of assignment is not simulated here yet.')
  const owner = yield* evaluate(target.target, frame)
  const key = yield* evaluate(target.kind === 'index' ? target.index : target.name, frame)
  if (isHash(owner)) {
    owner.entries.set(entryOf(owner.entries, text(key))?.[0] ?? text(key), given)
    return
  }
  if (Array.isArray(owner) && target.kind === 'index') {
    const n = toNumber(key) ?? -1
    const i = n < 0 ? owner.length + n : n
    if (i < 0 || i >= owner.length)
      throw languageError(
        frame,
        target,
        'Index was outside the bounds of the array.',
        'System.IndexOutOfRangeException',
        'OperationStopped',
      )
    owner[i] = given
    return
  }
  if (
    target.kind === 'member' &&
    owner !== null &&
    typeof owner === 'object' &&
    'props' in owner &&
    owner.types[0].endsWith('PSCustomObject')
  ) {
    const found = entryOf(owner.props, text(key))
    if (found !== undefined) {
      owner.props.set(found[0], given)
      return
    }
  }
  throw languageError(
    frame,
    target,
    `The property '${text(key)}' cannot be found on this object. Verify that the property exists and can be set.`,
    'PropertyAssignmentException',
  )
}
