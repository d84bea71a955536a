// `net share` and `net use`.
import type { NetWord } from './net.ts'
import type { Gen, ProgramIo } from './program.ts'
import { reach, remoteOf, SMB_ERRORS } from './smb-path.ts'

function* failure(io: ProgramIo, code: number, message: string): Gen<number> {
  yield* io.line(`System error ${code} has occurred.`)
  yield* io.line('')
  yield* io.line(message)
  yield* io.line('')
  return 2
}

function* completed(io: ProgramIo): Gen<number> {
  yield* io.line('The command completed successfully.')
  yield* io.line('')
  return 0
}

const plain = (text: string): string => text.replace(/^"(.*)"$/, '$1')

function* share(args: readonly string[], io: ProgramIo): Gen<number> {
  const net = io.kernel.windowsNet
  if (net === undefined) return 1
  if (args.length === 0) {
    yield* io.line('')
    yield* io.line('Share name   Resource                        Remark')
    yield* io.line('')
    yield* io.line('-'.repeat(79))
    for (const one of net.shares()) yield* io.line(`${one.name.padEnd(12)} ${one.path.padEnd(31)} ${one.remark}`.trimEnd())
    return yield* completed(io)
  }
  const options = args.filter((arg) => arg.startsWith('/')).map((arg) => arg.toLowerCase())
  const [first = ''] = args.filter((arg) => !arg.startsWith('/'))
  if (!io.kernel.identity().elevated) return yield* failure(io, 5, 'Access is denied.')
  if (options.some((option) => option.startsWith('/d'))) {
    if (!net.removeShare(first).ok) {
      yield* io.line('This shared resource does not exist.')
      yield* io.line('')
      yield* io.line('More help is available by typing NET HELPMSG 2310.')
      yield* io.line('')
      return 2
    }
    yield* io.line(`${first} was deleted successfully.`)
    yield* io.line('')
    return 0
  }
  const equals = first.indexOf('=')
  if (equals < 0) {
    const one = net.shares().find(({ name }) => name.toLowerCase() === first.toLowerCase())
    if (one === undefined) {
      yield* io.line('This shared resource does not exist.')
      yield* io.line('')
      return 2
    }
    yield* io.line(`Share name        ${one.name}`)
    yield* io.line(`Path              ${one.path}`)
    yield* io.line(`Remark            ${one.remark}`)
    yield* io.line('Maximum users     No limit')
    yield* io.line('Users             ')
    return yield* completed(io)
  }
  const remark = args.find((arg) => /^\/remark:/i.test(arg))?.slice(8) ?? ''
  const name = first.slice(0, equals)
  const done = net.addShare({ name, path: plain(first.slice(equals + 1)), remark: plain(remark) })
  if (!done.ok) {
    if (done.error === 'exists') {
      yield* io.line('The name has already been shared.')
      yield* io.line('')
      yield* io.line('More help is available by typing NET HELPMSG 2118.')
      yield* io.line('')
      return 2
    }
    return yield* done.error === 'not-found'
      ? failure(io, 2, 'The system cannot find the file specified.')
      : failure(io, 87, 'The parameter is incorrect.')
  }
  yield* io.line(`${name} was shared successfully.`)
  yield* io.line('')
  return 0
}

function* use(args: readonly string[], io: ProgramIo): Gen<number> {
  const net = io.kernel.windowsNet
  if (net === undefined) return 1
  const words = args.filter((arg) => !arg.startsWith('/'))
  const options = args.filter((arg) => arg.startsWith('/'))
  if (args.length === 0) {
    yield* io.line('New connections will be remembered.')
    yield* io.line('')
    const used = net.usedShares()
    if (used.length === 0) {
      yield* io.line('There are no entries in the list.')
      yield* io.line('')
      return 0
    }
    yield* io.line('')
    yield* io.line('Status       Local     Remote                    Network')
    yield* io.line('')
    yield* io.line('-'.repeat(79))
    for (const { letter, remote } of used)
      yield* io.line(`${'OK'.padEnd(13)}${letter.padEnd(10)}${remote.padEnd(26)}Microsoft Windows Network`)
    return yield* completed(io)
  }
  if (options.some((option) => /^\/d(elete)?$/i.test(option))) {
    const what = words[0] ?? ''
    if (!net.unuseShare(what).ok) {
      yield* io.line('The network connection could not be found.')
      yield* io.line('')
      yield* io.line('More help is available by typing NET HELPMSG 2250.')
      yield* io.line('')
      return 2
    }
    yield* io.line(`${what} was deleted successfully.`)
    yield* io.line('')
    return 0
  }
  const [first = '', second] = words
  const letter =
    first === '*' ? freeLetter(net.usedShares().map((one) => one.letter)) : /^[a-z]:$/i.test(first) ? first.toUpperCase() : ''
  const path = letter === '' ? first : (second ?? '')
  const remote = remoteOf(io.kernel, path)
  if (remote === undefined) return yield* failure(io, 67, SMB_ERRORS.share[1])
  const user = options.find((option) => /^\/user:/i.test(option))?.slice(6)
  if (letter !== '' && net.usedShares().some((one) => one.letter === letter))
    return yield* failure(io, 85, 'The local device name is already in use.')
  const found = yield* reach(io.kernel, { host: remote.host, share: remote.share }, user)
  if ('fault' in found) {
    const [code, words] = SMB_ERRORS[found.fault]
    return yield* failure(io, code, words)
  }
  net.useShare({ letter, remote: `\\\\${remote.host}\\${remote.share}`, user: user ?? io.kernel.identity().user })
  if (first === '*') {
    yield* io.line(`Drive ${letter} is now connected to \\\\${remote.host}\\${remote.share}.`)
    yield* io.line('')
  }
  return yield* completed(io)
}

function freeLetter(used: readonly string[]): string {
  for (const letter of 'ZYXWVUTSRQPONMLKJIHGFE') if (!used.includes(`${letter}:`)) return `${letter}:`
  return ''
}

/** Without a name: the list that Computer Browser kept is gone with SMB 1. With one: who cannot be reached is told as the real one does. */
function* view(args: readonly string[], io: ProgramIo): Gen<number> {
  const [target] = args.filter((arg) => !arg.startsWith('/'))
  if (target === undefined) return yield* failure(io, 6118, 'The list of servers for this workgroup is not currently available')
  const host = /^\\\\([^\\]+)$/.exec(target)?.[1]
  if (host === undefined) return yield* failure(io, 53, SMB_ERRORS.unreachable[1])
  const found = yield* reach(io.kernel, { host, share: 'IPC$' })
  if ('fault' in found) {
    const [code, words] = SMB_ERRORS[found.fault]
    return yield* failure(io, code, words)
  }
  yield* io.line(`net view ${target}: the computer answers, but the list of its shares (srvsvc) is not simulated here yet.`)
  return 1
}

export const netShares: readonly NetWord[] = [
  { word: 'share', options: ['', 'Data=C:\\Data', 'Data /delete'], run: share },
  { word: 'use', options: ['', 'Z: \\\\LABHOST\\Data', '\\\\LABHOST\\IPC$', 'Z: /delete'], run: use },
  { word: 'view', options: [''], run: view },
]
