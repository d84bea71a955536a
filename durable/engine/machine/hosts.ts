// Where a machine's names come from: its hosts files, and the servers and suffixes of its interfaces.
import type { Interface } from '../ip/interface.ts'
import { type IpAddress, parseAddress } from '../wire/addresses.ts'
import type { Machine } from './machine.ts'
import { dnsConnection, dnsGlobal } from './windows/dns-settings.ts'

/** Names and addresses of a machine's hosts files, as they are now. */
export function hostsOf(machine: Machine): { ip: IpAddress; names: string[] }[] {
  const paths = machine.windows
    ? // hosts.ics is read while Internet Connection Sharing runs (fact sheet 4.4).
      ['hosts', ...(machine.runs('SharedAccess') ? ['hosts.ics'] : [])].map(
        (name) => `C:\\Windows\\System32\\drivers\\etc\\${name}`,
      )
    : ['/etc/hosts']
  const found: { ip: IpAddress; names: string[] }[] = []
  for (const path of paths) {
    for (const line of (machine.files.read(path) ?? '').split('\n')) {
      const words = (line.split('#')[0] as string).trim().split(/\s+/)
      const ip = parseAddress(words[0] ?? '')
      if (ip !== undefined && words.length > 1) found.push({ ip, names: words.slice(1) })
    }
  }
  return found
}

export function suffixesOf(machine: Machine): string[] {
  const given = dnsGlobal(machine.network).suffixes
  if (given.length > 0) return [...given]
  const found = ranked(machine).flatMap((via) => [
    dnsConnection(machine.network, via.index).suffix ?? via.dnsSuffix,
    ...(machine.ip6.interfaces.get(via.index)?.domains ?? []).map(({ value }) => value),
  ])
  return [...new Set([...found, ...machine.definition.searchDomains].filter((suffix) => suffix !== ''))]
}

export function dnsServersOf(machine: Machine): IpAddress[] {
  const servers = (via: Interface): IpAddress[] => {
    const six = machine.ip6.interfaces.get(via.index)?.servers ?? []
    // Windows asks servers of IPv6 first; systemd-networkd hands on what DHCP said before what routers said.
    return machine.windows ? [...six, ...via.dnsServers] : [...via.dnsServers, ...six]
  }
  return [...new Set(ranked(machine).flatMap(servers))]
}

const ranked = (machine: Machine): Interface[] =>
  [...machine.stack.interfaces.values()]
    .filter((via) => via.up && via.kind !== 'loopback')
    .sort((a, b) => a.metric - b.metric || a.index - b.index)
