import { ask, type Query } from '../dns-query.ts'
import { configuredServer, TYPES, undotted } from '../dns-text.ts'
import { type Command, INTERRUPTED, type Io, notSimulated, type Run } from '../io.ts'
import { forward, reverseZone } from '../names.ts'
import { wholeNumber } from '../options.ts'
import { printAnswer, type Shown } from './dig-print.ts'

const VERSION = '9.18.28-0ubuntu0.24.04.1-Ubuntu'

export const dig: Command = {
  name: 'dig',
  summary: 'asks a DNS server and shows the whole answer',
  usage:
    'dig [@SERVER] [-4] [-t TYPE | TYPE] [-x ADDRESS | [-q] NAME] [+OPTION]...\nOptions: +[no]{all answer authority additional cmd comments edns question recurse short stats tcp vc} +time=N +tries=N',
  completions: ['+short', '+tcp', '+noall', '+answer', '+norecurse', '-x', '-t'],
  run: runDig,
}

type Wanted = {
  name: string | undefined
  type: string
  server: string | null
  tcp: boolean
  recursion: boolean
  edns: boolean
  timeoutMs: number
  tries: number
  shown: Shown
  /** Whether the server stood before the name: dig then says how many it found. */
  early: boolean
}

const everything = (on: boolean, shown: Shown): Shown => ({
  ...shown,
  command: on,
  comments: on,
  question: on,
  answer: on,
  authority: on,
  additional: on,
  statistics: on,
})

function* runDig(args: readonly string[], io: Io): Run {
  const wanted = readArguments(args, io)
  if (typeof wanted === 'number') return wanted
  const { type, tcp, recursion, edns, timeoutMs, tries, shown, early } = wanted
  let server = wanted.server
  if (server !== null) {
    const found = yield* forward(io, server)
    if (found.kind !== 'found') {
      io.err(`dig: couldn't get address for '${server}': ${found.kind === 'not-found' ? 'not found' : 'failure'}\n`)
      return 10
    }
    server = found.addresses[0] ?? null
  }
  const name = wanted.name ?? '.'
  const query: Query = { name: undotted(name), type, server, tcp, recursion, edns, timeoutMs, tries }
  const { answer, complaints, interrupted } = yield* ask(io, query, server === null ? configuredServer(io) : undefined)
  if (interrupted) return INTERRUPTED
  const refused = complaints.some((line) => line.startsWith(';; Connection'))
  for (const line of complaints) {
    io.out(`${line}\n`)
    if (refused && !answer) io.out(';; no servers could be reached\n')
  }
  if (shown.command && !shown.short && (answer || !refused)) {
    io.out(`\n; <<>> DiG ${VERSION} <<>> ${args.join(' ')}\n`)
    if (early) io.out('; (1 server found)\n')
    io.out(';; global options: +cmd\n')
  }
  if (!answer) {
    if (!refused) io.out(';; no servers could be reached\n')
    return 9
  }
  printAnswer(io, query, answer, shown)
  return 0
}

function readArguments(args: readonly string[], io: Io): Wanted | number {
  const all: Shown = {
    command: true,
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    statistics: true,
    short: false,
  }
  const wanted: Wanted = {
    name: undefined,
    type: 'A',
    server: null,
    tcp: false,
    recursion: true,
    edns: true,
    timeoutMs: 5000,
    tries: 3,
    shown: all,
    early: false,
  }
  const fail = (text: string) => {
    io.err(text)
    return 1
  }
  let typed = false
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg.startsWith('@')) {
      wanted.server = arg.slice(1)
      wanted.early = wanted.name === undefined
    } else if (arg.startsWith('+')) {
      if (!applyPlus(wanted, arg.slice(1)))
        return fail(PLUS.test(arg) ? notSimulated(`dig: option ${arg}`) : `Invalid option: ${arg}\n${HINT}`)
    } else if (arg === '-x') {
      const address = args[++i] ?? ''
      const zone = reverseZone(address)
      if (zone === undefined) return fail(`Invalid IP address ${address}\n`)
      ;[wanted.name, wanted.type, typed] = [zone, 'PTR', true]
    } else if (arg === '-t' || arg === '-q') {
      const value = args[++i] ?? ''
      if (arg === '-q') wanted.name = value
      else if (TYPES.has(value.toUpperCase())) [wanted.type, typed] = [value.toUpperCase(), true]
      else return fail(`;; Warning, ignoring invalid type ${value}\n`)
    } else if (arg === '-4' || arg === '-6') continue
    else if (arg.startsWith('-')) {
      return fail(/^-[bcfhiklmpruvy]/.test(arg) ? notSimulated(`dig: option ${arg}`) : `Invalid option: ${arg}\n${HINT}`)
    } else if (!typed && TYPES.has(arg.toUpperCase())) [wanted.type, typed] = [arg.toUpperCase(), true]
    else if (arg.toUpperCase() === 'IN') continue
    else if (wanted.name === undefined) wanted.name = arg
    else return fail(notSimulated('dig: several names in one command'))
  }
  if (wanted.name === undefined && !typed) wanted.type = 'NS'
  return wanted
}

const HINT = 'Usage:  dig [@local-server] [host [@local-server] [...]]\n'
const PLUS =
  /^\+(no)?(trace|dnssec|do|nsid|subnet|multiline|ttlid|identify|bufsize|besteffort|cdflag|adflag|aaflag|cl|cookie|crypto|domain|fail|header-only|https|tls|idn\w*|ignore|keepopen|mapped|ndots|nssearch|onesoa|opcode|padding|qid|qr|rrcomments|search|showsearch|sigchase|split|tls-\w+|ttlunits|unknownformat|yaml|zflag|retry|expandaaaa|expire|ednsflags|ednsopt|ednsnegotiation|dns64prefix|badcookie|raflag|rdflag|tcflag|vc)/

function applyPlus(wanted: Wanted, option: string): boolean {
  const [word = '', value] = option.split('=')
  const on = !word.startsWith('no') || word === 'notcp'
  const name = word.startsWith('no') ? word.slice(2) : word
  const { shown } = wanted
  switch (name) {
    case 'all':
      wanted.shown = everything(on, shown)
      return true
    case 'short':
      shown.short = on
      return true
    case 'cmd':
      shown.command = on
      return true
    case 'comments':
      shown.comments = on
      return true
    case 'question':
      shown.question = on
      return true
    case 'answer':
      shown.answer = on
      return true
    case 'authority':
      shown.authority = on
      return true
    case 'additional':
      shown.additional = on
      return true
    case 'stats':
      shown.statistics = on
      return true
    case 'tcp':
    case 'vc':
      wanted.tcp = !word.startsWith('no')
      return true
    case 'recurse':
    case 'rec':
      wanted.recursion = on
      return true
    case 'edns':
      wanted.edns = on
      return value === undefined || value === '0'
    case 'time':
    case 'timeout':
      wanted.timeoutMs = (wholeNumber(value, 1, 600) ?? 5) * 1000
      return true
    case 'tries':
      wanted.tries = wholeNumber(value, 1, 10) ?? 3
      return true
    default:
      return false
  }
}
