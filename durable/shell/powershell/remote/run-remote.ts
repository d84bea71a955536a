// A script block that runs inside of a guest: its output comes back as copies that say where they are from, its errors as text
// without a place in the line.
import type { Memory } from '../../../engine/machine/console.ts'
import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { Gen } from '../../windows/program.ts'
import { categoryText, type ErrorRecord, ExitSignal, FlowSignal, PsError } from '../errors.ts'
import { assign, type Frame, noted, type Scope, type Session, write } from '../eval/session.ts'
import { runStatements } from '../eval/statements.ts'
import { keep, recall, recallErrors, recallFunctions } from '../memory.ts'
import { parse } from '../syntax/parse.ts'
import { isErrorObject, recordOf } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { isObject, kindOf, type PsValue } from '../values/value.ts'

export type Remote = {
  readonly kernel: Kernel
  readonly memory: Memory
  readonly vmName: string
  readonly runspace: string
}

const DEEPEST = 1

/** What crosses over: texts, numbers and dates as they are, objects as copies of their properties. */
export function deserialized(value: PsValue, { vmName, runspace }: Remote, depth = 0): PsValue {
  if (Array.isArray(value)) return value.map((one) => deserialized(one, { vmName, runspace } as Remote, depth))
  if (kindOf(value) === 'script') return text(value)
  if (!isObject(value)) return value
  if (depth > DEEPEST) return text(value)
  const props = new Map<string, PsValue>()
  for (const [name, item] of value.props) props.set(name, deserialized(item, { vmName, runspace } as Remote, depth + 1))
  if (depth === 0) {
    props.set('PSComputerName', vmName)
    props.set('RunspaceId', runspace)
  }
  const types = value.types.map((name) => (name.startsWith('Deserialized.') ? name : `Deserialized.${name}`))
  return { kind: 'object', types, props, ...(value.text === undefined ? {} : { text: value.text }) }
}

/** An error of a guest: the place is in its script and not in the line. */
export const remoteErrorText = (record: ErrorRecord, vmName?: string): string =>
  [
    record.message,
    `    + CategoryInfo          : ${categoryText(record)}`,
    `    + FullyQualifiedErrorId : ${record.id}`,
    ...(vmName === undefined ? [] : [`    + PSComputerName        : ${vmName}`]),
    ' ',
    '',
  ].join('\n')

export type RemoteWork = {
  /** The text of the block. */
  readonly source: string
  readonly args: readonly PsValue[]
  readonly input: readonly PsValue[] | undefined
  /** Whose variables `$using:` names. */
  readonly using: Scope
  /** An error that ended the block, for `-ErrorAction Stop`; else it is shown. */
  readonly failed?: (record: ErrorRecord) => void
}

/** Runs it and hands on what comes out. */
export function* runRemote(remote: Remote, host: Frame, work: RemoteWork, emit: (value: PsValue) => Gen): Gen {
  const { kernel, memory, vmName } = remote
  const globals: Scope = { vars: recall(memory), parent: undefined }
  const session: Session = {
    kernel,
    memory,
    print: (shown) => write(host.session, shown),
    globals,
    ok: true,
    lastExitCode: undefined,
    cwd: typeof memory['cwd'] === 'string' ? memory['cwd'] : `C:\\Users\\${kernel.identity().user}\\Documents`,
    steps: host.session.steps,
    depth: host.session.depth,
    written: host.session.written,
    errors: recallErrors(memory),
    functions: recallFunctions(memory),
    using: work.using,
  }
  const told = (record: ErrorRecord): void => {
    noted(host.session, record)
    if (work.failed) work.failed(record)
    else write(host.session, remoteErrorText(record, vmName))
  }
  const line = `${work.input === undefined ? '' : '$__input | '}. {${work.source}\n} @__args`
  assign(globals, '__args', [...work.args])
  if (work.input !== undefined) assign(globals, '__input', [...work.input])
  const frame: Frame = {
    session,
    scope: globals,
    line,
    streams: { 2: (value) => void (isErrorObject(value) && told(recordOf(value))) },
  }
  try {
    yield* runStatements(parse(line), frame, (value) => emit(deserialized(value, remote)))
  } catch (error) {
    if (error instanceof PsError) told(error.record)
    else if (!(error instanceof FlowSignal || error instanceof ExitSignal)) throw error
  } finally {
    for (const name of ['__args', '__input']) globals.vars.delete(name)
    host.session.steps = session.steps
    keep(memory, session)
  }
}
