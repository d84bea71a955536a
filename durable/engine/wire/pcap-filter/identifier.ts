// A name or number under its qualifiers: `src host 10.0.0.1`, `port http`, `net 10`.
import { type Ip4, parseIp, parseIp6, parseMac } from '../addresses.ts'
import { or, type Test } from './ast.ts'
import { FilterError } from './filter-error.ts'
import type { Token } from './lexer.ts'
import { etherTypeNamed, portNamed, protocolNamed } from './names.ts'
import type { FilterContext } from './parser.ts'
import * as primitives from './primitives.ts'

/** Empty `protocol` or `type`: not given. */
export type Qualifiers = { readonly protocol: string; readonly way: primitives.Way; readonly type: string }

const TRANSPORTS: ReadonlySet<string> = new Set(['', 'tcp', 'udp', 'sctp'])

export function identifier(
  token: Token,
  mask: string | undefined,
  qualifiers: Qualifiers,
  context: FilterContext,
  shift: number,
): Test {
  switch (token.kind) {
    case 'number':
      return numeric(token.value, qualifiers, shift)
    case 'ip4':
      return dotted(token.text, mask, qualifiers, shift)
    case 'ip6':
      return address6(token.text, mask, qualifiers, shift)
    case 'mac':
      if (qualifiers.protocol !== 'ether' || !['', 'host'].includes(qualifiers.type))
        throw new FilterError('ethernet address used in non-ether expression')
      if (context.link.type !== 1)
        throw new FilterError('ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel')
      return primitives.macHost(macOf(token.text), qualifiers.way)
    case 'word':
    case 'name':
      return named(token.text, qualifiers, context, shift)
    default:
      throw new FilterError("can't parse filter expression: syntax error")
  }
}

/** One digit an octet is enough for a filter. */
const macOf = (text: string): number =>
  parseMac(
    text
      .split(/[:-]/)
      .map((octet) => octet.padStart(2, '0'))
      .join(':'),
  ) ?? 0

function numeric(value: number, qualifiers: Qualifiers, shift: number): Test {
  const { protocol, way, type } = qualifiers
  switch (type) {
    case '':
    case 'host':
    case 'net': {
      if (protocol === 'ether') throw new FilterError('illegal link layer address')
      let [ip, mask] = [value >>> 0, 0xffffffff]
      // `net 10` is 10.0.0.0/8.
      while (type === 'net' && ip !== 0 && ip >>> 24 === 0) {
        ip = (ip << 8) >>> 0
        mask = (mask << 8) >>> 0
      }
      return hosts(ip, mask, qualifiers, shift)
    }
    case 'port':
    case 'portrange':
      if (!TRANSPORTS.has(protocol)) throw new FilterError(`illegal qualifier of '${type}'`)
      if (value > 65_535) throw new FilterError(`illegal port number ${value} > 65535`)
      return primitives.ports(value, value, transportOf(protocol), way, shift)
    case 'proto':
      return protocols(value, protocol, shift)
    case 'gateway':
      throw new FilterError("'gateway' requires a name")
    default:
      throw new FilterError("can't parse filter expression: syntax error")
  }
}

const transportOf = (protocol: string): primitives.Transport | undefined =>
  protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : undefined

function protocols(value: number, protocol: string, shift: number): Test {
  switch (protocol) {
    case '':
      return primitives.anyProtocol(value, shift)
    case 'ip':
      return primitives.ipProtocol(value, shift)
    case 'ip6':
      return primitives.ip6Protocol(value, shift)
    case 'ether':
      return primitives.etherType(value, shift)
    case 'arp':
    case 'rarp':
      throw new FilterError(`${protocol} does not encapsulate another protocol`)
    default:
      throw new FilterError(`'${protocol} proto' is bogus`)
  }
}

function hosts(ip: Ip4, mask: Ip4, { protocol, way, type }: Qualifiers, shift: number): Test {
  switch (protocol) {
    case '':
      return primitives.anyHost(ip, mask, way, shift)
    case 'ip':
      return primitives.ip4Host(ip, mask, way, shift)
    case 'arp':
      return primitives.arpHost(primitives.ARP, ip, mask, way, shift)
    case 'rarp':
      return primitives.arpHost(primitives.RARP, ip, mask, way, shift)
    case 'ether':
      throw new FilterError('illegal link layer address')
    case 'ip6':
      throw new FilterError(`'ip6' modifier applied to ip ${type === 'net' ? 'net' : 'host'}`)
    default:
      throw new FilterError(`'${protocol}' modifier applied to ${type === 'net' ? 'net' : 'host'}`)
  }
}

function dotted(text: string, mask: string | undefined, qualifiers: Qualifiers, shift: number): Test {
  const { type } = qualifiers
  if (type === 'gateway') throw new FilterError("'gateway' requires a name")
  if (['port', 'portrange', 'proto', 'protochain'].includes(type)) throw new FilterError(`'${type}' modifier applied to ip host`)
  const parts = text.split('.').map(Number)
  if (parts.some((part) => part > 255)) throw new FilterError(`invalid IPv4 address '${text}'`)
  const bits = parts.length * 8
  const whole = parts.reduce((all, part) => all * 256 + part, 0)
  const ip = bits === 32 ? whole : (whole << (32 - bits)) >>> 0
  let wide = (0xffffffff << (32 - bits)) >>> 0
  if (mask !== undefined) {
    if (mask.startsWith('/')) {
      const length = Number(mask.slice(1))
      if (length > 32) throw new FilterError('mask length must be <= 32')
      wide = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
    } else wide = parseIp(mask) ?? 0
    if ((ip & ~wide) !== 0) {
      const shown = mask.startsWith('/') ? `${text}${mask}` : `${text} mask ${mask}`
      throw new FilterError(`non-network bits set in "${shown}"`)
    }
    if (type !== 'net') throw new FilterError('Mask syntax for networks only')
  }
  return hosts(ip, wide, qualifiers, shift)
}

function address6(text: string, mask: string | undefined, { protocol, way, type }: Qualifiers, shift: number): Test {
  if (!['', 'host', 'net'].includes(type)) throw new FilterError('invalid qualifier against IPv6 address')
  const ip = parseIp6(text)
  if (ip === undefined) throw new FilterError(`invalid ip6 address ${text}`)
  const length = mask === undefined ? 128 : Number(mask.slice(1))
  if (!(length <= 128)) throw new FilterError(`mask length must be <= 128`)
  const words = [0, 1, 2, 3].map((word) => Number((ip >> BigInt(96 - 32 * word)) & 0xffffffffn))
  const masks = [0, 1, 2, 3].map((word) => {
    const bits = Math.max(0, Math.min(32, length - word * 32))
    return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
  })
  if (words.some((word, at) => (word & ~(masks[at] as number)) !== 0))
    throw new FilterError(`non-network bits set in "${text}${mask ?? ''}"`)
  if (type !== 'net' && length !== 128) throw new FilterError('Mask syntax for networks only')
  if (protocol === 'ether') throw new FilterError('illegal link layer address')
  if (protocol !== '' && protocol !== 'ip6') throw new FilterError(`'${protocol}' modifier applied to ip6 ${type || 'host'}`)
  return primitives.ip6Host(words, masks, way, shift)
}

function named(text: string, qualifiers: Qualifiers, context: FilterContext, shift: number): Test {
  const { protocol, way, type } = qualifiers
  switch (type) {
    case '':
    case 'host':
      return namedHost(text, qualifiers, context, shift)
    case 'net':
      throw new FilterError(`unknown network '${text}'`)
    case 'port': {
      if (!TRANSPORTS.has(protocol)) throw new FilterError("illegal qualifier of 'port'")
      const found = portNamed(text)
      if (found === undefined) throw new FilterError(`unknown port '${text}'`)
      if (protocol === 'tcp' && !found.tcp) throw new FilterError(`port '${text}' is udp`)
      if (protocol === 'udp' && !found.udp) throw new FilterError(`port '${text}' is tcp`)
      const only = found.tcp && found.udp ? undefined : found.tcp ? 'tcp' : 'udp'
      return primitives.ports(found.port, found.port, transportOf(protocol) ?? only, way, shift)
    }
    case 'portrange': {
      if (!TRANSPORTS.has(protocol)) throw new FilterError("illegal qualifier of 'portrange'")
      const [first, last] = rangeOf(text)
      return primitives.ports(Math.min(first, last), Math.max(first, last), transportOf(protocol), way, shift)
    }
    case 'proto': {
      const value = protocol === 'ether' ? etherTypeNamed(text) : protocolNamed(text)
      if (value === undefined) throw new FilterError(`unknown ${protocol === 'ether' ? 'ether' : 'ip'} proto '${text}'`)
      return protocols(value, protocol, shift)
    }
    case 'gateway':
      throw new FilterError("'gateway' not supported in this configuration")
    default:
      throw new FilterError("can't parse filter expression: syntax error")
  }
}

function rangeOf(text: string): [number, number] {
  const parts = /^([^-]+)-([^-]+)$/.exec(text)
  const ends = [parts?.[1], parts?.[2]].map((part) =>
    part === undefined ? undefined : /^\d+$/.test(part) ? Number(part) : portNamed(part)?.port,
  )
  const [first, last] = ends
  if (first === undefined || last === undefined) throw new FilterError(`unknown port in range '${text}'`)
  for (const port of [first, last]) if (port > 65_535) throw new FilterError(`illegal port number ${port} > 65535`)
  return [first, last]
}

function namedHost(text: string, qualifiers: Qualifiers, context: FilterContext, shift: number): Test {
  if (qualifiers.protocol === 'ether') throw new FilterError(`unknown ether host '${text}'`)
  const tests: Test[] = []
  for (const address of context.hosts.get(text) ?? []) {
    const ip = parseIp(address)
    if (ip !== undefined && qualifiers.protocol !== 'ip6') tests.push(hosts(ip, 0xffffffff, qualifiers, shift))
    if (ip === undefined && (qualifiers.protocol === '' || qualifiers.protocol === 'ip6'))
      tests.push(address6(address, undefined, qualifiers, shift))
  }
  const [first, ...rest] = tests
  if (first === undefined) throw new FilterError(`unknown host '${text}'`)
  return or(first, ...rest)
}

/** The names that a filter needs addresses of. */
export function hostNames(list: readonly Token[]): string[] {
  return list.flatMap((token) =>
    (token.kind === 'word' || token.kind === 'name') && portNamed(token.text) === undefined ? [token.text] : [],
  )
}
