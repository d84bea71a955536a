import type { Kernel } from '../../engine/machine/kernel.ts'
import { parseIp, parseIp6 } from '../../engine/wire/addresses.ts'
import { isIp6, reverseName6 } from '../ipv6.ts'
import { bestDnsInterface } from './network.ts'
import { type Answer, answerLines, recordsOf } from './nslookup-answer.ts'
import { allEvents, type Gen, type Program, type ProgramIo, textOf } from './program.ts'

type Settings = { vc: boolean; type: string; timeout: number; recurse: boolean; search: boolean }

const types = new Set(['A', 'AAAA', 'A+AAAA', 'ANY', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'])

const unsimulated = ['debug', 'd2', 'port', 'retry', 'class', 'domain', 'srchlist', 'defname', 'nodefname', 'ignoretc', 'root']

const usage = `Usage:
   nslookup [-opt ...]             # interactive mode using default server
   nslookup [-opt ...] - server    # interactive mode using 'server'
   nslookup [-opt ...] host        # just look up 'host' using default server
   nslookup [-opt ...] host server # just look up 'host' using 'server'`

export const nslookup: Program = {
  name: 'nslookup',
  synopsis: 'Asks a DNS server directly.',
  options: ['-type=', '-querytype=', '-q=', '-vc', '-novc', '-timeout=', '-recurse', '-norecurse', '-search', '-nosearch'],
  refuses: ['', '-', ...unsimulated.map((name) => `-${name}`)],
  *run(args, io) {
    const settings: Settings = { vc: false, type: 'A+AAAA', timeout: 2, recurse: true, search: true }
    const words: string[] = []
    if (args.includes('/?')) {
      for (const line of usage.split('\n')) yield* io.line(line)
      return 0
    }
    for (const arg of args) {
      const fault = /^-./.test(arg) ? option(arg.slice(1), settings) : undefined
      if (fault !== undefined) {
        yield* io.line(fault)
        return 1
      }
      if (!/^-./.test(arg)) words.push(arg)
    }
    if (words.length === 0 || words[0] === '-') {
      yield* io.line('nslookup without a name: the interactive mode is real, but it is not simulated here yet.')
      return 1
    }
    return yield* lookup(words[0], words[1], settings, io)
  },
}

/** Undefined when the option is taken, else what to say. */
function option(text: string, settings: Settings): string | undefined {
  const [name, value = ''] = text.split(/[=:]/)
  switch (name.toLowerCase()) {
    case 'vc':
    case 'v':
      settings.vc = true
      return undefined
    case 'novc':
      settings.vc = false
      return undefined
    case 'type':
    case 'q':
    case 'querytype':
    case 'ty':
      if (!types.has(value.toUpperCase())) return `unknown query type: ${value}`
      settings.type = value.toUpperCase()
      return undefined
    case 'timeout':
      settings.timeout = Math.max(1, Math.min(60, Math.floor(Number(value)) || 2))
      return undefined
    case 'norecurse':
      settings.recurse = false
      return undefined
    case 'recurse':
      return undefined
    case 'nosearch':
      settings.search = false
      return undefined
    case 'search':
      return undefined
    default:
      return unsimulated.includes(name.toLowerCase())
        ? `nslookup -${name}: this option is real, but it is not simulated here yet.`
        : `*** Invalid option: ${text}`
  }
}

const reverseName = (address: string): string => reverseName6(address) ?? `${address.split('.').reverse().join('.')}.in-addr.arpa`

type Asked = Answer | { readonly kind: 'timeout' | 'refused' | 'failed' | 'no-server' }

/** One query of one type; the first event decides. */
function* ask(kernel: Kernel, name: string, type: string, server: string, settings: Settings): Gen<Asked> {
  const events = yield* allEvents(kernel, 'dns-query', {
    name,
    type,
    server,
    tcp: settings.vc,
    recursionDesired: settings.recurse,
    timeoutMs: settings.timeout * 1000,
    tries: 1,
  })
  for (const event of events) {
    if (event.kind === 'answer') {
      const flags = (event.flags ?? {}) as { readonly aa?: boolean }
      return {
        kind: 'answer',
        rcode: textOf(event.rcode),
        authoritative: flags.aa === true,
        answers: recordsOf(event.answers),
        authorities: recordsOf(event.authorities),
      }
    }
    if (event.kind === 'timeout' || event.kind === 'refused' || event.kind === 'failed' || event.kind === 'no-server')
      return { kind: event.kind }
  }
  return { kind: 'failed' }
}

function* serverAddress(given: string | undefined, io: ProgramIo): Gen<string | undefined> {
  if (given === undefined) {
    // Of the interface that comes first; there, servers of IPv6 are asked first.
    const best = bestDnsInterface(io.kernel)
    return best?.ip6?.dnsServers[0] ?? best?.dnsServers[0]
  }
  if (parseIp(given) !== undefined || isIp6(given)) return given
  const events = yield* allEvents(io.kernel, 'resolve', { name: given, type: 'A' })
  const found = events.find((event) => event.kind === 'resolved')
  return found === undefined ? undefined : recordsOf(found.records).find((record) => record.type === 'A')?.data
}

const late = (settings: Settings): string[] => ['DNS request timed out.', `    timeout was ${settings.timeout} seconds.`]

function* lookup(name: string, given: string | undefined, settings: Settings, io: ProgramIo): Gen<number> {
  const say = function* (...lines: readonly string[]): Gen {
    for (const line of lines) yield* io.line(line)
  }
  const server = yield* serverAddress(given, io)
  if (server === undefined) {
    if (given !== undefined) yield* say(`*** Can't find address for server ${given}: Non-existent domain`)
    else
      yield* say(
        '*** Default servers are not available',
        'Server:  UnKnown',
        'Address:  127.0.0.1',
        '',
        `*** UnKnown can't find ${name}: No response from server`,
      )
    return 1
  }
  // The server's own name comes first, asked of the server itself.
  const self = yield* ask(io.kernel, reverseName(server), 'PTR', server, settings)
  const own = self.kind === 'answer' ? self.answers.find((record) => record.type === 'PTR')?.data.replace(/\.$/, '') : undefined
  const serverName = own ?? 'UnKnown'
  if (self.kind === 'timeout' && !settings.vc) yield* say(...late(settings))
  yield* say(`Server:  ${serverName}`, `Address:  ${server}`, '')
  return yield* answer(name, server, serverName, settings, io)
}

/** Tries each suffix unless the name ends in a dot, then the name as it is. */
function candidates(name: string, settings: Settings, io: ProgramIo): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  return settings.search ? [...io.kernel.dnsSuffixes().map((suffix) => `${name}.${suffix}`), name] : [name]
}

function* answer(name: string, server: string, serverName: string, settings: Settings, io: ProgramIo): Gen<number> {
  const numeric = parseIp(name) !== undefined || parseIp6(name) !== undefined
  const reverse = numeric && (settings.type === 'A+AAAA' || settings.type === 'PTR')
  const queries = reverse ? ['PTR'] : settings.type === 'A+AAAA' ? ['A', 'AAAA'] : [settings.type]
  const shown = name.replace(/\.$/, '')
  const fail = function* (text: string): Gen<number> {
    yield* io.line(`*** ${serverName} can't find ${shown}: ${text}`)
    return 1
  }
  let rcode = 'NXDOMAIN'
  for (const candidate of reverse ? [reverseName(name)] : candidates(name, settings, io)) {
    const got: Answer[] = []
    for (const type of queries) {
      const one = yield* ask(io.kernel, candidate, type, server, settings)
      if (one.kind !== 'answer') {
        // Over TCP the resolver has only one word for every failure.
        if (settings.vc) return yield* fail('Unspecified error')
        if (one.kind === 'refused' || one.kind === 'no-server') return yield* fail('No response from server')
        for (const line of late(settings)) yield* io.line(line)
        yield* io.line(`*** Request to ${serverName} timed-out`)
        return 1
      }
      got.push(one)
      if (one.rcode !== 'NOERROR') break
    }
    rcode = got[0].rcode
    if (rcode === 'NXDOMAIN') continue
    if (rcode !== 'NOERROR') break
    const records = got.flatMap((one) => one.answers)
    if (records.length === 0 && candidate !== name && !reverse) continue
    for (const line of answerLines(candidate, settings.type, reverse ? name : undefined, got, serverName)) yield* io.line(line)
    return 0
  }
  return yield* fail(rcodes[rcode] ?? 'Unspecified error')
}

const rcodes: Record<string, string> = {
  NXDOMAIN: 'Non-existent domain',
  SERVFAIL: 'Server failed',
  REFUSED: 'Query refused',
  FORMERR: 'Format error',
  NOTIMP: 'Not implemented',
}
