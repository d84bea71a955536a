// `net start` and `net stop`.
import type { ServiceView } from '../../engine/machine/windows/windows-views.ts'
import type { NetWord } from './net.ts'
import type { Gen, ProgramIo } from './program.ts'
import { systemError } from './service-words.ts'

function* help(io: ProgramIo, message: string, number: number): Gen<number> {
  yield* io.line(message)
  yield* io.line('')
  yield* io.line(`More help is available by typing NET HELPMSG ${number}.`)
  yield* io.line('')
  return 2
}

function* systemFailure(io: ProgramIo, code: number, message: string): Gen<number> {
  yield* io.line(`System error ${code} has occurred.`)
  yield* io.line('')
  yield* io.line(message)
  yield* io.line('')
  return 2
}

/** By either of its names, as net itself takes them. */
const find = (io: ProgramIo, name: string): ServiceView | undefined => {
  const wanted = name.toLowerCase()
  const all = io.kernel.windows?.services() ?? []
  return all.find((one) => one.name.toLowerCase() === wanted) ?? all.find((one) => one.displayName.toLowerCase() === wanted)
}

function* list(io: ProgramIo): Gen<number> {
  const names = (io.kernel.windows?.services() ?? []).filter(({ running, driver }) => running && !driver)
  yield* io.line('These Windows services are started:')
  yield* io.line('')
  for (const name of names.map(({ displayName }) => displayName).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
    yield* io.line(`   ${name}`)
  yield* io.line('')
  yield* io.line('The command completed successfully.')
  yield* io.line('')
  return 0
}

function* start(args: readonly string[], io: ProgramIo): Gen<number> {
  const name = args.filter((arg) => !arg.startsWith('/')).join(' ')
  if (name === '') return yield* list(io)
  const one = find(io, name)
  if (one === undefined) return yield* help(io, 'The service name is invalid.', 2185)
  if (one.running) return yield* help(io, 'The requested service has already been started.', 2182)
  const done = io.kernel.windows?.controlService(one.name, 'start')
  if (done && !done.ok) {
    const { code, message } = systemError('start', done.error, done.detail)
    return yield* systemFailure(io, code, message)
  }
  if (!one.driver) yield* io.line(`The ${one.displayName} service is starting.`)
  yield* io.line(`The ${one.displayName} service was started successfully.`)
  yield* io.line('')
  return 0
}

/** What a person says to a question; undefined: nobody is there, or nothing that means anything. */
function* answer(io: ProgramIo, question: string): Gen<string | undefined> {
  if (io.ask === undefined) {
    yield* io.line(question)
    return undefined
  }
  const typed = (yield* io.ask(question))?.trim()
  return typed === undefined || (typed !== '' && !/^(y(es)?|no?)$/i.test(typed)) ? undefined : typed
}

function* stop(args: readonly string[], io: ProgramIo): Gen<number> {
  const yes = args.some((arg) => /^\/y(es)?$/i.test(arg))
  const name = args.filter((arg) => !arg.startsWith('/')).join(' ')
  if (name === '') {
    for (const line of ['The syntax of this command is:', '', 'NET STOP', 'service', '']) yield* io.line(line)
    return 1
  }
  const one = find(io, name)
  if (one === undefined) return yield* help(io, 'The service name is invalid.', 2185)
  if (!one.running) return yield* help(io, `The ${one.displayName} service is not started.`, 3521)
  const { windows } = io.kernel
  const done = windows?.controlService(one.name, 'stop', yes)
  const stopped: string[] = [one.displayName]
  if (done && !done.ok && done.error === 'in-use' && !yes) {
    const users = (done.detail ?? '').split(',').map((each) => find(io, each)?.displayName ?? each)
    yield* io.line(`The following services are dependent on the ${one.displayName} service.`)
    yield* io.line(`Stopping the ${one.displayName} service will also stop these services.`)
    yield* io.line('')
    for (const user of users) yield* io.line(`   ${user}`)
    yield* io.line('')
    const typed = yield* answer(io, 'Do you want to continue this operation? (Y/N) [N]: ')
    if (typed === undefined) {
      yield* io.line('No valid response was provided.')
      yield* io.line('')
      return 2
    }
    if (!/^y(es)?$/i.test(typed)) return 2
    return yield* stop([...args, '/y'], io)
  }
  if (done && !done.ok) {
    if (done.error === 'invalid')
      return yield* help(io, 'The requested pause, continue, or stop is not valid for this service.', 2191)
    const { code, message } = systemError('stop', done.error, done.detail)
    return yield* systemFailure(io, code, message)
  }
  for (const each of stopped) {
    if (!one.driver) yield* io.line(`The ${each} service is stopping.`)
    yield* io.line(`The ${each} service was stopped successfully.`)
    yield* io.line('')
  }
  return 0
}

export const netServices: readonly NetWord[] = [
  { word: 'start', options: ['', 'Dnscache'], run: start },
  { word: 'stop', options: ['Dnscache'], run: stop },
]
