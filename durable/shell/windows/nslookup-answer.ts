import type { Json } from '../../engine/sim/json.ts'
import { numberOf, textOf } from './program.ts'

export type DnsRecord = { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string }
export type Answer = {
  readonly kind: 'answer'
  readonly rcode: string
  readonly authoritative: boolean
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
}

/** The records of a program's event. */
export function recordsOf(value: Json | undefined): DnsRecord[] {
  if (!Array.isArray(value)) return []
  return (value as readonly { readonly [key: string]: Json | undefined }[]).map((one) => ({
    name: textOf(one.name).replace(/\.$/, ''),
    type: textOf(one.type),
    ttl: numberOf(one.ttl),
    data: textOf(one.data),
  }))
}

const bare = (name: string): string => name.replace(/\.$/, '')

/** What nslookup prints under the Server lines. */
export function answerLines(
  asked: string,
  type: string,
  reverse: string | undefined,
  got: readonly Answer[],
  server: string,
): string[] {
  const records = got.flatMap((one) => one.answers)
  const head =
    got.some((one) => one.answers.length > 0 && !one.authoritative) && reverse === undefined ? ['Non-authoritative answer:'] : []
  if (reverse !== undefined) {
    const name = records.find((record) => record.type === 'PTR')?.data ?? ''
    return [`Name:    ${bare(name)}`, `Address:  ${reverse}`, '']
  }
  if (/^(A|AAAA|A\+AAAA)$/.test(type)) return [...head, ...addressLines(asked, type, records, server)]
  if (records.length === 0) return authorityLines(asked, got[0].authorities)
  return [...head, ...records.flatMap(recordLines), '']
}

function addressLines(asked: string, type: string, records: readonly DnsRecord[], server: string): string[] {
  // IPv6 first, as the Windows program lists them.
  const addresses = [...records.filter((record) => record.type === 'AAAA'), ...records.filter((record) => record.type === 'A')]
  const aliases = [...new Set(records.filter((record) => record.type === 'CNAME').map((record) => bare(record.name)))]
  if (addresses.length === 0) {
    const kind =
      type === 'A+AAAA' ? 'both IPv4 and IPv6 Addresses (A+AAAA)' : type === 'A' ? 'IPv4 address (A)' : 'IPv6 Address (AAAA)'
    return [
      `*** No ${kind} records available for ${asked}`.replace('*** No both', '*** No internal type for both'),
      ...(server === '' ? [''] : []),
    ]
  }
  const lines = [`Name:    ${bare(addresses[addresses.length - 1].name || asked)}`]
  const texts = addresses.map((record) => record.data)
  lines.push(
    `${texts.length === 1 ? 'Address:  ' : 'Addresses:  '}${texts[0]}`,
    ...texts.slice(1).map((text) => `${' '.repeat(10)}${text}`),
  )
  if (aliases.length > 0) lines.push(`Aliases:  ${aliases[0]}`, ...aliases.slice(1).map((text) => `${' '.repeat(10)}${text}`))
  return [...lines, '']
}

function recordLines(record: DnsRecord): string[] {
  const name = bare(record.name)
  const words = record.data.split(' ')
  switch (record.type) {
    case 'CNAME':
      return [`${name}\tcanonical name = ${bare(record.data)}`]
    case 'NS':
      return [`${name}\tnameserver = ${bare(record.data)}`]
    case 'PTR':
      return [`${name}\tname = ${bare(record.data)}`]
    case 'MX':
      return [`${name}\tMX preference = ${words[0]}, mail exchanger = ${bare(words[1] ?? '')}`]
    case 'TXT':
      return [`${name}\ttext =`, '', `\t"${record.data.replace(/^"|"$/g, '')}"`]
    case 'SOA':
      return soaLines(name, words)
    case 'SRV':
      return [
        `${name}\tSRV service location:`,
        `          priority       = ${words[0]}`,
        `          weight         = ${words[1]}`,
        `          port           = ${words[2]}`,
        `          svr hostname   = ${bare(words[3] ?? '')}`,
      ]
    case 'A':
      return [`${name}\tinternet address = ${record.data}`]
    case 'AAAA':
      return [`${name}\tAAAA IPv6 address = ${record.data}`]
    default:
      return [`${name}\t${record.type} ${record.data}`]
  }
}

function soaLines(name: string, words: readonly string[]): string[] {
  const [primary = '', mail = '', serial = '0', refresh = '0', retry = '0', expire = '0', ttl = '0'] = words
  const span = (seconds: string) => `${seconds} (${spell(Number(seconds))})`
  return [
    name,
    `\tprimary name server = ${bare(primary)}`,
    `\tresponsible mail addr = ${bare(mail)}`,
    `\tserial  = ${serial}`,
    `\trefresh = ${span(refresh)}`,
    `\tretry   = ${span(retry)}`,
    `\texpire  = ${span(expire)}`,
    `\tdefault TTL = ${span(ttl)}`,
  ]
}

function spell(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400],
    ['hour', 3600],
    ['min', 60],
    ['sec', 1],
  ]
  let left = seconds
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}${count > 1 ? 's' : ''}`)
  }
  return parts.join(' ') || '0 secs'
}

const authorityLines = (asked: string, authorities: readonly DnsRecord[]): string[] => [
  ...authorities.filter((record) => record.type === 'SOA').flatMap(recordLines),
  ...(authorities.length === 0 ? [`${asked}`] : []),
  '',
]
