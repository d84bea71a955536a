import { z } from 'zod'
import { isGroupMac, parseAddress, parseCidr, parseCidr6, parseIp, parseIp6, parseMac } from '../engine/wire/addresses.ts'

export const machineName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'must be lower-case letters, digits and dashes, begin with a letter and have at most 32 characters',
  )

export const adapterName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9 .()_-]{0,31}$/,
    'must begin with a letter and have at most 32 letters, digits, spaces, dots, brackets and dashes',
  )

/** Names that people see in lists: of virtual machines, VPN connections, accounts. */
export const shownName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9 ._-]{0,62}$/,
    'must begin with a letter and have at most 63 letters, digits, spaces, dots and dashes',
  )

export const hostName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'must be letters, digits and dashes, at most 63')

export const domainName = z
  .string()
  .max(253)
  .regex(
    /^([A-Za-z0-9_]([A-Za-z0-9_-]{0,62})?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})?)*$/,
    'must be a domain name without a dot at its end',
  )

export const ip = z.string().refine((text) => parseIp(text) !== undefined, 'must be an IPv4 address')

export const cidr = z.string().refine((text) => {
  const parsed = parseCidr(text)
  return parsed !== undefined && parsed.prefixLength > 0 && parsed.prefixLength < 32
}, 'must be an IPv4 address with a prefix length, such as 192.168.3.1/24')

export const ip6 = z.string().refine((text) => parseIp6(text) !== undefined, 'must be an IPv6 address, without a zone')

export const anyIp = z.string().refine((text) => parseAddress(text) !== undefined, 'must be an IPv4 or IPv6 address')

export const cidr6 = z.string().refine((text) => {
  const parsed = parseCidr6(text)
  return parsed !== undefined && parsed.prefixLength > 0
}, 'must be an IPv6 address with a prefix length, such as 2001:db8:1::1/64')

export const mac = z.string().refine((text) => {
  const parsed = parseMac(text)
  return parsed !== undefined && !isGroupMac(parsed)
}, 'must be the MAC address of one adapter, such as 00:15:5d:01:02:03')

export const text = (longest: number) => z.string().min(1).max(longest)
export const ssid = z.string().min(1).max(32)

/** An end of a cable. */
export const end = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}(\/[A-Za-z][A-Za-z0-9 ._-]{0,31})?$/, 'must be `machine/adapter`, or the name of a switch')

/** A map with names as keys, in the order of the file. */
export const named = <T extends z.ZodType>(key: z.ZodString, value: T, most: number) =>
  z.record(key, value).refine((map) => Object.keys(map).length <= most, `must have at most ${most} entries`)
