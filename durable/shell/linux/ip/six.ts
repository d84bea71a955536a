// `ip -6 addr`: addresses of IPv6 as iproute2 prints them.
import type { AddressView6, InterfaceView } from '../../../engine/machine/views.ts'
import { formatIp6, parseCidr6, parseIp6, parseMac } from '../../../engine/wire/addresses.ts'
import { errorText } from '../files.ts'
import type { Io } from '../io.ts'
import { interfaceNamed } from '../links.ts'
import { numberOfIp6 } from '../six.ts'
import type { Global } from './global.ts'

const MICROS = 1_000_000
const isSix = (word: string | undefined): boolean => word?.includes(':') === true && parseMac(word) === undefined

/** Whether the words of a command are about IPv6 though nobody said `-6`. */
export const speaksSix = (args: readonly string[], global: Global): boolean => global.family === 6 || args.some(isSix)

export const lifeText = (until: number | null, now: number): string =>
  until === null ? 'forever' : `${Math.max(0, Math.floor((until - now) / MICROS))}sec`

const SCOPES = { 'well-known': 'host', 'link-local': 'link', manual: '', ra: '', temporary: '', dhcp: '' } as const

export function inet6Lines(link: Pick<InterfaceView, 'kind'>, a: AddressView6, now: number): string[] {
  const linkLocal = numberOfIp6(a.address) >> 118n === 0x3fan
  const words = [`inet6 ${a.address}/${a.prefixLength} scope ${SCOPES[a.origin] || (linkLocal ? 'link' : 'global')}`]
  if (a.state === 'duplicate') words.push('dadfailed', 'tentative')
  if (a.origin === 'temporary') words.push('temporary')
  if (a.state === 'deprecated') words.push('deprecated')
  if (a.validUntil !== null) words.push('dynamic')
  if (a.state === 'tentative') words.push('tentative')
  if (a.origin === 'ra') words.push('mngtmpaddr')
  if (a.origin === 'ra' || a.origin === 'dhcp' || link.kind === 'loopback') words.push('noprefixroute')
  const preferred = a.state === 'deprecated' ? '0sec' : lifeText(a.preferredUntil, now)
  return [`    ${words.join(' ')} `, `       valid_lft ${lifeText(a.validUntil, now)} preferred_lft ${preferred}`]
}

const fail = (io: Io, text: string, status = 2): number => {
  io.err(`${text}\n`)
  return status
}

export function changeAddress6(verb: 'add' | 'del', local: string, device: string | undefined, io: Io): number {
  const alone = parseIp6(local)
  const cidr = parseCidr6(local) ?? (alone === undefined ? undefined : { address: alone, prefixLength: 128 })
  if (cidr === undefined) return fail(io, `Error: any valid prefix is expected rather than "${local}".`, 1)
  if (device === undefined) return fail(io, 'Not enough information: "dev" argument is required.', 255)
  const link = interfaceNamed(io, device)
  if (!link) return fail(io, `Cannot find device "${device}"`, 1)
  if (!io.root) return fail(io, 'RTNETLINK answers: Operation not permitted')
  const address = formatIp6(cidr.address)
  const outcome =
    verb === 'add' ? io.kernel.addAddress(link.index, address, cidr.prefixLength) : io.kernel.removeAddress(link.index, address)
  if (outcome.ok) return 0
  if (outcome.error === 'exists') return fail(io, 'Error: ipv6: address already assigned.')
  if (outcome.error === 'not-found') return fail(io, 'Error: ipv6: address not found.')
  return fail(io, `RTNETLINK answers: ${errorText(outcome.error)}`)
}
