// A protocol's name by itself, and loads out of its header.
import { and, compare, load, type Test, type Value } from './ast.ts'
import { FilterError } from './filter-error.ts'
import { etherTypeNamed } from './names.ts'
import { ARP, anyProtocol, etherType, firstFragment, IP, IP6, ip6Protocol, ipProtocol, RARP } from './primitives.ts'

/** Over IPv4 only, over both, and what they are. */
const OVER_IP: { readonly [name: string]: number } = { icmp: 1, igmp: 2, igrp: 9, vrrp: 112, carp: 112 }
const OVER_BOTH: { readonly [name: string]: number } = { tcp: 6, udp: 17, sctp: 132, pim: 103, ah: 51, esp: 50 }
const SAP: { readonly [name: string]: number } = { stp: 0x42, iso: 0xfe, netbeui: 0xf0, ipx: 0xe0 }

export function protocolTest(name: string, shift: number): Test {
  if (Object.hasOwn(OVER_IP, name)) return ipProtocol(OVER_IP[name] as number, shift)
  if (Object.hasOwn(OVER_BOTH, name)) return anyProtocol(OVER_BOTH[name] as number, shift)
  if (name === 'icmp6') return ip6Protocol(58, shift)
  if (Object.hasOwn(SAP, name)) return etherType(SAP[name] as number, shift)
  const type = etherTypeNamed(name)
  if (type !== undefined) return etherType(type, shift)
  if (name === 'ether' || name === 'link') throw new FilterError('link layer applied in wrong context')
  throw new FilterError("can't parse filter expression: syntax error")
}

/** `proto[offset:size]`; what must hold for the load to make sense is added to `guards`. */
export function protocolValue(name: string, offset: Value, size: 1 | 2 | 4, shift: number, guards: Test[]): Value {
  const at = (base: 'frame' | 'net' | 'transport', from: number): Value => ({
    kind: 'load',
    base,
    shift: base === 'frame' ? 0 : shift,
    offset: from === 0 ? offset : { kind: 'binary', op: '+', a: offset, b: { kind: 'number', value: from } },
    size,
  })
  switch (name) {
    case 'ether':
    case 'link':
      return at('frame', 0)
    case 'ip':
    case 'ip6':
    case 'arp':
    case 'rarp':
      guards.push(etherType({ ip: IP, ip6: IP6, arp: ARP, rarp: RARP }[name], shift))
      return at('net', 0)
    case 'icmp6':
      guards.push(and(etherType(IP6, shift), compare(load('net', 6, 1, shift), '=', 58)))
      return at('net', 40)
    default:
      if (!Object.hasOwn(OVER_IP, name) && !Object.hasOwn(OVER_BOTH, name)) throw new FilterError(`unknown index operation`)
      guards.push(and(etherType(IP, shift), protocolTest(name, shift), firstFragment(shift)))
      return at('transport', 0)
  }
}
