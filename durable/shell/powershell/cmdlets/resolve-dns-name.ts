import { parseIp } from '../../../engine/wire/addresses.ts'
import { isIp6, reverseName6 } from '../../ipv6.ts'
import { type DnsRecord, recordsOf } from '../../windows/nslookup-answer.ts'
import { allEvents, type Gen, textOf } from '../../windows/program.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../cmdlet.ts'
import { object, type PsObject, type PsValue } from '../values/value.ts'

type Found = {
  readonly records: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly fault?: 'not-found' | 'timeout' | 'no-server' | 'refused' | 'failed'
}

/** The system's own resolver, or one query to a named server. */
function* ask(call: Call, bound: Bound, name: string, type: string): Gen<Found> {
  const server = bound.texts('Server')[0]
  const linkOnly = bound.flag('LlmnrOnly')
  // Names of one label fall back to the link by themselves.
  const fallsBack = bound.flag('LlmnrFallback')
  const direct =
    (!linkOnly && server !== undefined) ||
    bound.flag('TcpOnly') ||
    (bound.flag('DnsOnly') && !fallsBack) ||
    bound.flag('NoRecursion')
  const events = direct
    ? yield* allEvents(call.kernel, 'dns-query', {
        name,
        type,
        server: server ?? null,
        tcp: bound.flag('TcpOnly'),
        recursionDesired: !bound.flag('NoRecursion'),
        timeoutMs: bound.flag('QuickTimeout') ? 1000 : 2000,
        tries: bound.flag('QuickTimeout') ? 1 : 3,
      })
    : yield* allEvents(call.kernel, 'resolve', {
        name,
        type,
        noHosts: bound.flag('NoHostsFile'),
        cacheOnly: bound.flag('CacheOnly'),
        linkOnly,
      })
  const none = { records: [], authorities: [] }
  for (const event of events) {
    switch (event.kind) {
      case 'resolved':
        return { records: recordsOf(event.records), authorities: [] }
      case 'answer': {
        const rcode = textOf(event.rcode)
        if (rcode === 'NXDOMAIN') return { ...none, fault: 'not-found' }
        if (rcode !== 'NOERROR') return { ...none, fault: 'failed' }
        return { records: recordsOf(event.answers), authorities: recordsOf(event.authorities) }
      }
      case 'not-found':
      case 'no-server':
      case 'refused':
      case 'failed':
        return { ...none, fault: event.kind }
    }
  }
  return { ...none, fault: 'timeout' }
}

const faults: Record<NonNullable<Found['fault']>, readonly [string, string]> = {
  'not-found': ['DNS name does not exist', 'DNS_ERROR_RCODE_NAME_ERROR'],
  timeout: ['This operation returned because the timeout period expired', 'ERROR_TIMEOUT'],
  'no-server': ['No DNS servers configured for local system', 'DNS_ERROR_NO_DNS_SERVERS'],
  refused: ['This operation returned because the timeout period expired', 'ERROR_TIMEOUT'],
  failed: ['DNS server failure', 'DNS_ERROR_RCODE_SERVER_FAILURE'],
}

const fault = (name: string, kind: NonNullable<Found['fault']>): Fault => ({
  message: `${name} : ${faults[kind][0]}`,
  category: kind === 'timeout' || kind === 'refused' ? 'OperationTimeout' : 'ResourceUnavailable',
  target: `${name}:String`,
  exception: 'Win32Exception',
  id: faults[kind][1],
})

export const resolveDnsName = cmdlet(
  {
    name: 'Resolve-DnsName',
    module: 'DnsClient',
    synopsis: 'Performs a DNS query for a name.',
    supports: [
      'Name',
      'Type',
      'Server',
      'DnsOnly',
      'NoHostsFile',
      'CacheOnly',
      'TcpOnly',
      'QuickTimeout',
      'NoRecursion',
      'LlmnrOnly',
      'LlmnrFallback',
    ],
  },
  function* (call, bound) {
    const given = (bound.text('Name') ?? '').replace(/\.$/, '')
    const asked = bound.text('Type') ?? 'A_AAAA'
    const numeric = parseIp(given) !== undefined || isIp6(given)
    const name = numeric ? (reverseName6(given) ?? `${given.split('.').reverse().join('.')}.in-addr.arpa`) : given
    const types = numeric ? ['PTR'] : asked === 'A_AAAA' || asked === 'UNKNOWN' ? ['AAAA', 'A'] : [asked]
    const seen = new Set<string>()
    const all: [DnsRecord, string][] = []
    let first: Found['fault']
    let good = false
    for (const type of types) {
      const found = yield* ask(call, bound, name, type)
      if (found.fault !== undefined) first ??= found.fault
      else good = true
      if (found.fault !== undefined && found.fault !== 'not-found') break
      for (const record of found.records) {
        const key = `${record.name} ${record.type} ${record.data}`
        if (!seen.has(key)) all.push([record, 'Answer'])
        seen.add(key)
      }
      for (const record of found.authorities)
        if (found.records.length === 0 && !seen.has(`soa ${record.name}`)) {
          seen.add(`soa ${record.name}`)
          all.push([record, 'Authority'])
        }
    }
    if (first !== undefined && (!good || (first !== 'not-found' && all.length === 0))) {
      call.error(fault(numeric ? name : given, first))
      return
    }
    for (const [record, section] of all) yield* call.emit(recordObject(record, section))
  },
)

function recordObject(record: DnsRecord, section: string): PsObject {
  const bare = (text: string | undefined) => (text ?? '').replace(/\.$/, '')
  const head: Record<string, PsValue> = { Name: record.name, Type: record.type, TTL: record.ttl, Section: section }
  const words = record.data.split(' ')
  const of = (type: string, more: Record<string, PsValue>) =>
    object(`Microsoft.DnsClient.Commands.DnsRecord_${type}`, { ...head, ...more })
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return of('A', { IPAddress: record.data })
    case 'MX':
      return of('MX', { NameExchange: bare(words[1]), Preference: Number(words[0]) })
    case 'TXT':
      return of('TXT', { Strings: [record.data.replace(/^"|"$/g, '')] })
    case 'SOA':
      return of('SOA', { PrimaryServer: bare(words[0]), NameAdministrator: bare(words[1]), SerialNumber: Number(words[2] ?? 0) })
    default:
      return of('PTR', { NameHost: bare(record.data) })
  }
}
