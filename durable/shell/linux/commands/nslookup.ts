import { isIp6 } from '../../ipv6.ts'
import { type Answer, type Asked, ask, type Query } from '../dns-query.ts'
import { candidates, configuredServer, dataText, dotted, TYPES, undotted } from '../dns-text.ts'
import { type Command, INTERRUPTED, type Io, notSimulated, type Run } from '../io.ts'
import { forward, reverseZone } from '../names.ts'

export const nslookup: Command = {
  name: 'nslookup',
  summary: 'asks a DNS server',
  usage: 'nslookup [-type=TYPE] [-[no]vc] [-timeout=SECONDS] [-retry=COUNT] [-[no]search] [-[no]recurse] NAME [SERVER]',
  completions: ['-type=', '-vc', '-timeout=', '-retry='],
  run: runNslookup,
}

type Settings = { type: string | undefined; tcp: boolean; timeoutMs: number; tries: number; search: boolean; recursion: boolean }

function* runNslookup(args: readonly string[], io: Io): Run {
  const settings: Settings = { type: undefined, tcp: false, timeoutMs: 5000, tries: 3, search: true, recursion: true }
  const operands: string[] = []
  for (const arg of args) {
    if (!arg.startsWith('-') || arg === '-') operands.push(arg)
    else if (!applySetting(settings, arg.slice(1))) {
      const known = /^(port|debug|d2|class|cl|domain|srchlist|all|fail|ndots)/.test(arg.slice(1))
      io.err(known ? notSimulated(`nslookup: option ${arg}`) : `*** Invalid option: ${arg.slice(1)}\n`)
      return 1
    }
  }
  const [name, server] = operands
  if (name === undefined || name === '-') {
    io.err(notSimulated('nslookup without a name (its own prompt)'))
    return 1
  }
  let at: string | null = null
  if (server !== undefined && isIp6(server)) at = server
  else if (server !== undefined) {
    const found = yield* forward(io, server)
    if (found.kind !== 'found') {
      io.err(`nslookup: couldn't get address for '${server}': ${found.kind === 'not-found' ? 'not found' : 'failure'}\n`)
      return 1
    }
    at = found.addresses[0] ?? null
  }
  return yield* lookUp(io, name, at, settings)
}

function applySetting(settings: Settings, option: string): boolean {
  const [word = '', value = ''] = option.split('=')
  if (['type', 'query', 'querytype', 'q', 'ty', 't'].includes(word) && TYPES.has(value.toUpperCase()))
    settings.type = value.toUpperCase()
  else if (word === 'vc') settings.tcp = true
  else if (word === 'novc') settings.tcp = false
  else if (word === 'timeout' && /^[1-9]\d{0,3}$/.test(value)) settings.timeoutMs = Number(value) * 1000
  else if (word === 'retry' && /^[1-9]\d?$/.test(value)) settings.tries = Number(value)
  else if (word === 'search' || word === 'nosearch') settings.search = word === 'search'
  else if (word === 'recurse' || word === 'norecurse') settings.recursion = word === 'recurse'
  else return false
  return true
}

function* lookUp(io: Io, name: string, server: string | null, settings: Settings): Run {
  const shown = server === null ? configuredServer(io) : undefined
  const zone = reverseZone(name)
  const query = (asked: string, type: string): Query => ({
    name: asked,
    type,
    server,
    tcp: settings.tcp,
    recursion: settings.recursion,
    timeoutMs: settings.timeoutMs,
    tries: settings.tries,
    edns: false,
  })
  if (zone !== undefined) {
    const asked = yield* ask(io, query(zone, 'PTR'), shown)
    return conclude(io, asked, () => printReverse(io, zone, asked.answer as Answer))
  }
  const type = settings.type ?? 'A'
  let [asked, tried]: [Asked | undefined, string] = [undefined, name]
  for (const candidate of settings.search ? candidates(io, name) : [undotted(name)]) {
    tried = candidate
    asked = yield* ask(io, query(candidate, type), shown)
    if (asked.interrupted || asked.answer?.rcode !== 'NXDOMAIN') break
  }
  if (!asked) return 1
  const first = asked
  const missing = first.answer?.rcode === 'NXDOMAIN' ? name : tried
  const status = conclude(io, first, () => printForward(io, missing, type, first.answer as Answer))
  if (status !== 0 || settings.type !== undefined || first.answer?.answers.length === 0) {
    if (first.answer && !first.interrupted) io.out('\n')
    return status
  }
  // Without a type, bind's nslookup asks for the IPv6 address as well and adds what it gets.
  const six = yield* ask(io, query(tried, 'AAAA'), shown)
  for (const record of six.answer?.answers ?? []) if (record.type === 'AAAA') printRecord(io, record)
  io.out('\n')
  return six.interrupted ? INTERRUPTED : 0
}

/** Prints what failed, or lets `print` show the answer. */
function conclude(io: Io, asked: Asked, print: () => number): number {
  if (asked.interrupted) return INTERRUPTED
  for (const line of asked.complaints) {
    io.out(`${line}\n`)
    if (line.startsWith(';; Connection') && !asked.answer) io.out(';; no servers could be reached\n')
  }
  if (asked.answer) return print()
  io.out(asked.complaints.some((line) => line.startsWith(';; Connection')) ? '\n' : ';; no servers could be reached\n\n')
  return 1
}

function heading(io: Io, answer: Answer): void {
  if (answer.rcode === 'SERVFAIL') io.out(`;; Got SERVFAIL reply from ${answer.server}\n`)
  io.out(`Server:\t\t${answer.server}\nAddress:\t${answer.server}#53\n\n`)
}

function printForward(io: Io, name: string, type: string, answer: Answer): number {
  heading(io, answer)
  if (answer.rcode !== 'NOERROR') {
    io.out(`** server can't find ${undotted(name)}: ${answer.rcode}\n`)
    return 1
  }
  if (!answer.flags.includes('aa')) io.out('Non-authoritative answer:\n')
  if (answer.answers.length === 0) io.out(`*** Can't find ${undotted(name)}: No answer\n`)
  for (const record of answer.answers) printRecord(io, record)
  if (type !== 'A' && type !== 'AAAA') authority(io, answer)
  return 0
}

/** The answer to an address: no heading, and always the line about authoritative answers. */
function printReverse(io: Io, zone: string, answer: Answer): number {
  if (answer.rcode !== 'NOERROR') {
    io.out(`** server can't find ${zone}: ${answer.rcode}\n\n`)
    return 1
  }
  if (answer.answers.length === 0) io.out(`*** Can't find ${zone}: No answer\n`)
  for (const record of answer.answers) printRecord(io, record)
  authority(io, answer)
  io.out('\n')
  return 0
}

function authority(io: Io, answer: Answer): void {
  if (answer.flags.includes('aa')) return
  io.out('\nAuthoritative answers can be found from:\n')
  for (const record of answer.authorities) printRecord(io, record)
}

function printRecord(io: Io, record: Answer['answers'][number]): void {
  const name = undotted(record.name)
  switch (record.type) {
    case 'A':
    case 'AAAA':
      io.out(`Name:\t${name}\nAddress: ${record.data}\n`)
      return
    case 'CNAME':
      io.out(`${name}\tcanonical name = ${dotted(record.data)}\n`)
      return
    case 'PTR':
      io.out(`${name}\tname = ${dotted(record.data)}\n`)
      return
    case 'MX':
      io.out(`${name}\tmail exchanger = ${dataText(record)}\n`)
      return
    case 'NS':
      io.out(`${name}\tnameserver = ${dotted(record.data)}\n`)
      return
    case 'TXT':
      io.out(`${name}\ttext = ${record.data}\n`)
      return
    case 'SRV':
      io.out(`${name}\tservice = ${dataText(record)}\n`)
      return
    case 'SOA': {
      const [origin, mail, serial, refresh, retry, expire, minimum] = record.data.split(' ')
      io.out(`${name}\n\torigin = ${undotted(origin ?? '')}\n\tmail addr = ${undotted(mail ?? '')}\n\tserial = ${serial}\n`)
      io.out(`\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`)
      return
    }
    default:
      return
  }
}
