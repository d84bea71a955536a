import { isIp6 } from '../../ipv6.ts'
import { type Answer, ask, type Query } from '../dns-query.ts'
import { candidates, configuredServer, dataText, dotted, TYPES, undotted } from '../dns-text.ts'
import type { DnsRecord } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { forward, reverseZone } from '../names.ts'
import { parseOptions, wholeNumber } from '../options.ts'

export const host: Command = {
  name: 'host',
  summary: 'asks a DNS server, in few words',
  completions: ['-t', '-T', '-W'],
  run: runHost,
}

const CODES: readonly string[] = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

function* runHost(args: readonly string[], io: Io): Run {
  const options = parseOptions('host', args, { flags: 'T46r', values: 'tWR', real: 'acCdilnpsUvVwAmN', status: 1 }, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const [name, serverText] = operands
  if (name === undefined) {
    io.err('Usage: host [-4rT] [-R number] [-t type] [-W time] hostname [server]\n')
    return 1
  }
  const type = values.get('t')?.toUpperCase()
  if (type !== undefined && !TYPES.has(type)) {
    io.err(`host: invalid type: ${values.get('t')}\n`)
    return 2
  }
  let server: string | null = null
  if (serverText !== undefined && isIp6(serverText)) server = serverText
  else if (serverText !== undefined) {
    const found = yield* forward(io, serverText)
    if (found.kind !== 'found') {
      io.err(`host: couldn't get address for '${serverText}': not found\n`)
      return 1
    }
    server = found.addresses[0] ?? null
  }
  const shown = server === null ? configuredServer(io) : undefined
  const query = (asked: string, wanted: string): Query => ({
    name: asked,
    type: wanted,
    server,
    tcp: flags.has('T'),
    recursion: !flags.has('r'),
    timeoutMs: (wholeNumber(values.get('W'), 1, 600) ?? 5) * 1000,
    tries: wholeNumber(values.get('R'), 1, 10) ?? 2,
    edns: false,
  })
  const zone = reverseZone(name)
  let headed = serverText === undefined
  const show = (answer: Answer, asked: string, wanted: string, quiet: boolean): number => {
    if (!headed) io.out(`Using domain server:\nName: ${serverText}\nAddress: ${answer.server}#53\nAliases: \n\n`)
    headed = true
    if (answer.rcode !== 'NOERROR') {
      if (!quiet) io.out(`Host ${undotted(asked)} not found: ${CODES.indexOf(answer.rcode)}(${answer.rcode})\n`)
      return 1
    }
    for (const record of answer.answers) if (!quiet || record.type === wanted) io.out(recordLine(record))
    if (answer.answers.length === 0 && type !== undefined) io.out(`${undotted(asked)} has no ${wanted} record\n`)
    return 0
  }
  const wanted = zone === undefined ? (type ?? 'A') : 'PTR'
  let tried = name
  for (const candidate of zone === undefined ? candidates(io, name) : [zone]) {
    tried = candidate
    const { answer, complaints, interrupted } = yield* ask(io, query(candidate, wanted), shown)
    if (interrupted) return INTERRUPTED
    for (const line of complaints) io.out(`${line}\n`)
    if (!answer) {
      io.out(';; no servers could be reached\n')
      return 1
    }
    const last = candidate === (zone ?? undotted(name)) || candidates(io, name).at(-1) === candidate
    if (answer.rcode === 'NXDOMAIN' && !last) continue
    const status = show(answer, answer.rcode === 'NXDOMAIN' ? (zone ?? name) : candidate, wanted, false)
    if (status !== 0) return status
    break
  }
  if (type !== undefined || zone !== undefined) return 0
  // Without a type, host asks for the IPv6 address and the mail exchangers too.
  for (const more of ['AAAA', 'MX']) {
    const { answer, interrupted } = yield* ask(io, query(tried, more), shown)
    if (interrupted) return INTERRUPTED
    if (answer?.rcode === 'NOERROR') show(answer, tried, more, true)
  }
  return 0
}

function recordLine(record: DnsRecord): string {
  const name = undotted(record.name)
  switch (record.type) {
    case 'A':
      return `${name} has address ${record.data}\n`
    case 'AAAA':
      return `${name} has IPv6 address ${record.data}\n`
    case 'CNAME':
      return `${name} is an alias for ${dotted(record.data)}\n`
    case 'PTR':
      return `${name} domain name pointer ${dotted(record.data)}\n`
    case 'MX':
      return `${name} mail is handled by ${dataText(record)}\n`
    case 'NS':
      return `${name} name server ${dotted(record.data)}\n`
    case 'TXT':
      return `${name} descriptive text ${record.data}\n`
    default:
      return `${name} has ${record.type} record ${dataText(record)}\n`
  }
}
