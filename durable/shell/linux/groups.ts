// The multicast groups of a link, as the kernel lists them.
import type { LinkView } from '../../engine/machine/linux/linux-views.ts'
import { parseIp } from '../../engine/wire/addresses.ts'
import type { Io } from './io.ts'
import { numberOfIp6 } from './six.ts'

export type Group = { readonly group: string; readonly owners: number }

/** Oldest first. Every link is in the group of all hosts, on a bridge in that of all snooping switches (224.0.0.106) too. */
export function groupsOf(io: Io, link: LinkView): { readonly four: readonly Group[]; readonly six: readonly Group[] } {
  const one = (group: string): Group => ({ group, owners: 1 })
  const four = [...(link.kind === 'bridge' ? ['224.0.0.106'] : []), '224.0.0.1'].map(one)
  for (const [group, owners] of link.groups) if (!four.some((each) => each.group === group)) four.push({ group, owners })
  const six = io.kernel.interfaces().find(({ index }) => index === link.index)?.ip6
  const joined = link.kind === 'loopback' ? ['ff02::1'] : (six?.groups ?? [])
  return { four, six: six?.enabled === false ? [] : ['ff01::1', ...joined].map(one) }
}

/** RFC 1112 section 6.4, RFC 2464 section 7. */
export function groupMac(group: string): string {
  const hex = (number: bigint | number, digits: number): string =>
    (number.toString(16).padStart(digits, '0').match(/../g) ?? []).join(':')
  if (group.includes(':')) return `33:33:${hex(numberOfIp6(group) & 0xffffffffn, 8)}`
  return `01:00:5e:${hex((parseIp(group) ?? 0) & 0x7fffff, 6)}`
}
