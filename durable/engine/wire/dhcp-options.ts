// The DHCP options this lab uses, read and built (RFC 2132; 81: RFC 4702; 121: RFC 3442). Re-exported by dhcp.ts.
import type { Ip4, Mac } from './addresses.ts'
import { ascii, put32, put48, putAscii, u32 } from './bytes.ts'
import type { Dhcp, Option } from './dhcp.ts'

export const DISCOVER = 1
export const OFFER = 2
export const REQUEST = 3
export const DECLINE = 4
export const ACK = 5
export const NAK = 6
export const RELEASE = 7
export const INFORM = 8

export const CODE = {
  mask: 1,
  routers: 3,
  dns: 6,
  hostName: 12,
  domainName: 15,
  requestedAddress: 50,
  leaseSeconds: 51,
  messageType: 53,
  serverId: 54,
  parameterList: 55,
  message: 56,
  renewal: 58,
  rebinding: 59,
  vendorClass: 60,
  clientId: 61,
  fqdn: 81,
  classlessRoutes: 121,
} as const

export type Fqdn = { readonly flags: number; readonly name: string }
export type ClasslessRoute = { readonly network: Ip4; readonly prefixLength: number; readonly router: Ip4 }

const data = (d: Dhcp, code: number): Uint8Array | undefined => d.options.find((o) => o.code === code)?.data

function number32(d: Dhcp, code: number): number | undefined {
  const b = data(d, code)
  return b?.length === 4 ? u32(b, 0) : undefined
}

function addresses(d: Dhcp, code: number): Ip4[] {
  const b = data(d, code)
  const out: Ip4[] = []
  for (let i = 0; b !== undefined && i + 4 <= b.length; i += 4) out.push(u32(b, i))
  return out
}

/** Some senders end text with a NUL (RFC 2132 section 2 tells receivers to trim it). */
function text(d: Dhcp, code: number): string | undefined {
  const b = data(d, code)
  return b === undefined ? undefined : ascii(b, 0, b.length).replace(/\0+$/, '')
}

/** One of DISCOVER .. INFORM; anything else, or none, is not DHCP but BOOTP. */
export function messageType(d: Dhcp): number | undefined {
  const b = data(d, CODE.messageType)
  return b?.length === 1 ? b[0] : undefined
}
export const requestedAddress = (d: Dhcp): Ip4 | undefined => number32(d, CODE.requestedAddress)
export const serverId = (d: Dhcp): Ip4 | undefined => number32(d, CODE.serverId)
export const leaseSeconds = (d: Dhcp): number | undefined => number32(d, CODE.leaseSeconds)
export const renewal = (d: Dhcp): number | undefined => number32(d, CODE.renewal)
export const rebinding = (d: Dhcp): number | undefined => number32(d, CODE.rebinding)
export const mask = (d: Dhcp): Ip4 | undefined => number32(d, CODE.mask)
export const routers = (d: Dhcp): Ip4[] => addresses(d, CODE.routers)
export const dns = (d: Dhcp): Ip4[] => addresses(d, CODE.dns)
export const domainName = (d: Dhcp): string | undefined => text(d, CODE.domainName)
export const hostName = (d: Dhcp): string | undefined => text(d, CODE.hostName)
export const vendorClass = (d: Dhcp): string | undefined => text(d, CODE.vendorClass)
export const message = (d: Dhcp): string | undefined => text(d, CODE.message)
export const clientId = (d: Dhcp): Uint8Array | undefined => data(d, CODE.clientId)
export const parameterList = (d: Dhcp): number[] => [...(data(d, CODE.parameterList) ?? [])]

export function fqdn(d: Dhcp): Fqdn | undefined {
  const b = data(d, CODE.fqdn)
  if (b === undefined || b.length < 3) return undefined
  return { flags: b[0], name: (b[0] & 4) === 0 ? ascii(b, 3, b.length) : canonicalName(b, 3) }
}

/** The E flag: labels in DNS wire form, without pointers. */
function canonicalName(b: Uint8Array, at: number): string {
  const labels: string[] = []
  let i = at
  while (i < b.length && b[i] !== 0 && i + 1 + b[i] <= b.length) {
    labels.push(ascii(b, i + 1, i + 1 + b[i]))
    i += 1 + b[i]
  }
  return labels.join('.')
}

export function classlessRoutes(d: Dhcp): ClasslessRoute[] {
  const b = data(d, CODE.classlessRoutes) ?? new Uint8Array(0)
  const out: ClasslessRoute[] = []
  let i = 0
  while (i < b.length && b[i] <= 32) {
    const significant = (b[i] + 7) >> 3
    if (i + 1 + significant + 4 > b.length) break
    let network = 0
    for (let k = 0; k < 4; k++) network = network * 256 + (k < significant ? b[i + 1 + k] : 0)
    out.push({ network, prefixLength: b[i], router: u32(b, i + 1 + significant) })
    i += 5 + significant
  }
  return out
}

function numbers32(code: number, values: readonly number[]): Option {
  const b = new Uint8Array(values.length * 4)
  for (let i = 0; i < values.length; i++) put32(b, i * 4, values[i])
  return { code, data: b }
}

function textOption(code: number, s: string): Option {
  const b = new Uint8Array(s.length)
  putAscii(b, 0, s)
  return { code, data: b }
}

/** Builders: `options: [option.messageType(OFFER), option.mask(m), ...]`. */
export const option = {
  messageType: (type: number): Option => ({ code: CODE.messageType, data: Uint8Array.of(type) }),
  requestedAddress: (ip: Ip4): Option => numbers32(CODE.requestedAddress, [ip]),
  serverId: (ip: Ip4): Option => numbers32(CODE.serverId, [ip]),
  leaseSeconds: (s: number): Option => numbers32(CODE.leaseSeconds, [s]),
  renewal: (s: number): Option => numbers32(CODE.renewal, [s]),
  rebinding: (s: number): Option => numbers32(CODE.rebinding, [s]),
  mask: (ip: Ip4): Option => numbers32(CODE.mask, [ip]),
  routers: (ips: readonly Ip4[]): Option => numbers32(CODE.routers, ips),
  dns: (ips: readonly Ip4[]): Option => numbers32(CODE.dns, ips),
  domainName: (s: string): Option => textOption(CODE.domainName, s),
  hostName: (s: string): Option => textOption(CODE.hostName, s),
  vendorClass: (s: string): Option => textOption(CODE.vendorClass, s),
  message: (s: string): Option => textOption(CODE.message, s),
  parameterList: (codes: readonly number[]): Option => ({ code: CODE.parameterList, data: Uint8Array.from(codes) }),
  /** Hardware type 1 and the address, as Windows sends it. */
  clientId(mac: Mac): Option {
    const b = Uint8Array.of(1, 0, 0, 0, 0, 0, 0)
    put48(b, 1, mac)
    return { code: CODE.clientId, data: b }
  },
  fqdn(name: string, flags = 0): Option {
    const b = new Uint8Array(3 + name.length)
    b[0] = flags & ~4
    putAscii(b, 3, name)
    return { code: CODE.fqdn, data: b }
  },
  classlessRoutes(routes: readonly ClasslessRoute[]): Option {
    const out: number[] = []
    for (const { network, prefixLength, router } of routes) {
      out.push(prefixLength)
      for (let k = 0; k < (prefixLength + 7) >> 3; k++) out.push((network >>> (24 - 8 * k)) & 255)
      out.push(router >>> 24, (router >>> 16) & 255, (router >>> 8) & 255, router & 255)
    }
    return { code: CODE.classlessRoutes, data: Uint8Array.from(out) }
  },
}
