// Redirections, from left to right (bash manual, 3.6).
import type { HereDoc, Redirect, Redirection } from 'unbash'
import { absolute, errorText, openFile, openPlace, writeFault } from '../files.ts'
import type { Io, Place, Steps } from '../io.ts'
import { type Channel, type Input, textInput } from './channels.ts'
import { complain } from './faults.ts'
import { addParts, expandWord, expandWords, Pieces } from './words.ts'
import { DEAR } from './work.ts'

type Out = {
  readonly write: (text: string) => void
  readonly place: Place
  readonly terminal: boolean
  readonly pipe: Io['pipe']
}

/** What a command is redirected to; undefined when something could not be opened, which is told. */
export function* redirected(redirects: readonly Redirection[], io: Io): Steps<Io | undefined> {
  let current = io
  for (const redirect of redirects) {
    io.work.step(DEAR)
    if (redirect.descriptor?.type === 'FileDescriptorVariable') {
      complain(io, `the redirection {${redirect.descriptor.name}} is real, but not simulated here yet`)
      return undefined
    }
    const given = redirect.descriptor?.value
    const next = yield* apply(redirect, given, current, io)
    if (typeof next === 'string') {
      complain(io, next)
      return undefined
    }
    current = next
  }
  return current
}

/** Answers what it becomes, or what is wrong. Words are expanded with what the shell itself reads and writes. */
function* apply(redirect: Redirection, given: number | undefined, current: Io, io: Io): Steps<Io | string> {
  if (redirect.type === 'HereDoc') return withInput(current, given ?? 0, textInput(yield* hereText(redirect, io)))
  if (redirect.type === 'HereString')
    return withInput(current, given ?? 0, textInput(`${yield* expandWord(redirect.target, io)}\n`))
  const words = redirect.target ? yield* expandWords([redirect.target], io) : []
  const [target] = words
  if (words.length !== 1 || target === undefined) return `${redirect.target?.text ?? ''}: ambiguous redirect`
  switch (redirect.operator) {
    case '<':
    case '<>': {
      const file = openFile(current, target)
      if ('fault' in file) return `${target}: ${file.fault}`
      return withInput(current, given ?? 0, textInput(file.text))
    }
    case '>':
    case '>>':
    case '>|': {
      const out = openOut(redirect.operator, target, current)
      return typeof out === 'string' ? out : withOut(current, given ?? 1, out)
    }
    case '&>':
    case '&>>': {
      const out = openOut(redirect.operator.slice(1), target, current)
      return typeof out === 'string' ? out : withOut(withOut(current, 1, out), 2, out)
    }
    case '>&':
    case '<&':
      return duplicate(redirect, given, target, current)
    default:
      redirect satisfies never
      return current
  }
}

function duplicate(redirect: Redirect, given: number | undefined, target: string, io: Io): Io | string {
  const input = redirect.operator === '<&'
  const fd = given ?? (input ? 0 : 1)
  if (target === '-') {
    if (fd > 2) return { ...io, channels: new Map([...io.channels].filter(([open]) => open !== fd)) }
    return fd === 0 ? withInput(io, 0, textInput('')) : withOut(io, fd, NOWHERE)
  }
  const from = /^(\d{1,3})-?$/.exec(target)?.[1]
  if (from === undefined) {
    if (input || (given !== undefined && given !== 1)) return `${target}: ambiguous redirect`
    const out = openOut('>', target, io)
    return typeof out === 'string' ? out : withOut(withOut(io, 1, out), 2, out)
  }
  const number = Number(from)
  const source = number === 0 ? io.input : io.channels.get(number)
  if (number === 0 || (source && 'kind' in source && source.kind === 'in')) {
    const found = number === 0 ? io.input : (source as Channel & { kind: 'in' }).input
    return withInput(io, fd, found)
  }
  const out = outOf(io, number)
  return out === undefined ? `${from}: Bad file descriptor` : withOut(io, fd, out)
}

function outOf(io: Io, fd: number): Out | undefined {
  if (fd === 1) return { write: io.out, place: io.place.out, terminal: io.terminal, pipe: io.pipe }
  if (fd === 2) return { write: io.err, place: io.place.err, terminal: io.place.err === 'terminal', pipe: undefined }
  const channel = io.channels.get(fd)
  return channel?.kind === 'out' ? { write: channel.write, place: channel.place, terminal: false, pipe: undefined } : undefined
}

const withInput = (io: Io, fd: number, input: Input): Io =>
  fd === 0
    ? { ...io, input, piped: !input.terminal }
    : { ...io, channels: new Map([...io.channels, [fd, { kind: 'in', input }]]) }

function withOut(io: Io, fd: number, { write, place, terminal, pipe }: Out): Io {
  if (fd === 1) return { ...io, out: write, terminal, pipe, place: { ...io.place, out: place } }
  if (fd === 2) return { ...io, err: write, place: { ...io.place, err: place } }
  return { ...io, channels: new Map([...io.channels, [fd, { kind: 'out', write, place }]]) }
}

const NOWHERE: Out = { write: () => {}, place: 'nowhere', terminal: false, pipe: undefined }

function openOut(operator: string, target: string, io: Io): Out | string {
  if (target === '') return ': No such file or directory'
  const path = absolute(target, io.session.cwd)
  if (path === '/dev/null') return NOWHERE
  if (path === '/dev/stdout') return outOf(io, 1) as Out
  if (path === '/dev/stderr') return outOf(io, 2) as Out
  if (path === '/dev/tty') return { write: io.out, place: io.place.out, terminal: io.terminal, pipe: io.pipe }
  const stat = io.kernel.stat(path)
  if (stat?.kind === 'directory') return `${target}: Is a directory`
  if (operator === '>' && stat && io.session.options.has('noclobber')) return `${target}: cannot overwrite existing file`
  const fault = writeFault(io, path)
  if (fault !== undefined) return `${target}: ${fault}`
  if (operator !== '>>' || stat === undefined) {
    const outcome = io.kernel.writeFile(path, '')
    if (!outcome.ok) return `${target}: ${errorText(outcome.error)}`
  }
  const place = { file: path }
  return { write: openPlace(place, io), place, terminal: false, pipe: undefined }
}

function* hereText({ body, delimiter, operator }: HereDoc, io: Io): Steps<string> {
  // `<<-` takes leading tabs away.
  const strip = operator === '<<-'
  const plain = (text: string) => (strip ? text.replace(/^\t+/gm, '') : text)
  if (delimiter?.quoted) return plain(body.text)
  if (body.parts === undefined) return plain(body.text).replace(/\\([\\$`\n])/g, (_all, c: string) => (c === '\n' ? '' : c))
  const pieces = new Pieces()
  const parts = strip
    ? body.parts.map((part, i) =>
        part.type === 'Literal' ? { ...part, value: i === 0 ? plain(part.value) : part.value.replace(/\n\t+/g, '\n') } : part,
      )
    : body.parts
  yield* addParts(parts, true, io, pieces)
  return pieces.words.map((one) => one.map((piece) => piece.text).join('')).join(' ')
}
