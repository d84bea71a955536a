// Values of the registry that act on the machine: at once, or when it comes up the next time. One that is not named here is kept
// and does nothing, as most of the real ones.
import { parseIp } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'
import {
  DNS_POLICY,
  DNSCACHE,
  FIREWALL,
  FIREWALL_POLICY,
  PROFILE_KEYS,
  SERVICES,
  TCPIP,
  TCPIP6,
  VIRTUALIZATION,
} from './registry-base.ts'
import type { RegistryData, StartType } from './windows-views.ts'

/** True: the machine's own state tells the value from now on. */
type Effect = (machine: Machine, path: string, name: string, data: RegistryData | undefined) => boolean

const STARTS: readonly StartType[] = ['Boot', 'System', 'Automatic', 'Manual', 'Disabled']

/** Which of these keys a path is or stands under; what is left of it. */
const below = (path: string, key: string): string | undefined =>
  path.toLowerCase().startsWith(`${key.toLowerCase()}\\`) ? path.slice(key.length + 1) : undefined

const serviceStart: Effect = (machine, path, name, data) => {
  const service = below(path, SERVICES)
  if (service === undefined || service.includes('\\') || name.toLowerCase() !== 'start' || typeof data !== 'number') return false
  const startType = STARTS[data]
  return startType !== undefined && machine.system?.services.configure(service, { startType }).ok === true
}

/** The firewall of a profile, and whether a policy lets rules of this computer count (fact sheet 4.5). */
const firewallProfile: Effect = (machine, path, name, data) => {
  const own = below(path, FIREWALL)
  const policy = below(path, FIREWALL_POLICY)
  const key = (own ?? policy)?.toLowerCase().replace('privateprofile', 'standardprofile')
  const profile = Object.entries(PROFILE_KEYS).find(([each]) => each.toLowerCase() === key)?.[1]
  if (profile === undefined || !machine.firewall) return false
  const word = data === undefined ? 'NotConfigured' : data === 0 ? 'False' : 'True'
  const store = policy === undefined ? 'local' : 'policy'
  if (name.toLowerCase() === 'enablefirewall') {
    machine.firewall.setProfile(profile, { Enabled: word }, store)
    return store === 'local'
  }
  if (name.toLowerCase() !== 'allowlocalpolicymerge' || policy === undefined) return false
  machine.firewall.setProfile(profile, { AllowLocalFirewallRules: word }, 'policy')
  return true
}

/** Where dynamic addresses of virtual machines come from (fact sheet 4.9). */
const macPool: Effect = (machine, path, name, data) => {
  const pool = machine.hyperV?.macPool
  if (!pool || path.toLowerCase() !== VIRTUALIZATION.toLowerCase() || !Array.isArray(data) || data.length !== 6) return false
  const mac = (data as readonly number[]).reduce((sum, octet) => sum * 256 + octet, 0)
  if (name.toLowerCase() === 'minimummacaddress') pool.range = { first: mac, last: Math.max(mac, pool.range.last) }
  else if (name.toLowerCase() === 'maximummacaddress') pool.range = { first: Math.min(mac, pool.range.first), last: mac }
  else return false
  return true
}

/** DNS servers of an interface, by commas or blanks. */
const nameServer: Effect = (machine, path, name, data) => {
  const guid = below(path, `${TCPIP}\\Interfaces`)
  if (guid === undefined || name.toLowerCase() !== 'nameserver' || typeof data !== 'string') return false
  const via = [...machine.stack.interfaces.values()].find(
    (each) => each.guid.replace(/[{}]/g, '').toLowerCase() === guid.replace(/[{}]/g, '').toLowerCase(),
  )
  if (!via) return false
  const servers = data
    .split(/[ ,]+/)
    .map(parseIp)
    .filter((ip) => ip !== undefined)
  if (servers.length > 0) machine.manualDns.add(via.index)
  else machine.manualDns.delete(via.index)
  via.dnsServers = servers.length > 0 ? servers : [...(machine.dhcpClient(via.index)?.leasedDns ?? [])]
  machine.sim.touch(machine)
  machine.sim.touch(machine.stack)
  return true
}

const effects: readonly Effect[] = [serviceStart, firewallProfile, macPool, nameServer]

export function registryEffect(machine: Machine, path: string, name: string, data: RegistryData | undefined): boolean {
  return effects.some((effect) => effect(machine, path, name, data))
}

/** What is read when the computer comes up. */
export function registryAtStart(machine: Machine): void {
  const registry = machine.system?.registry
  const router = registry?.number(TCPIP, 'IPEnableRouter')
  if (router !== undefined)
    for (const via of machine.stack.interfaces.values()) if (!via.hidden && via.kind !== 'loopback') via.forwarding = router !== 0
  const components = registry?.number(TCPIP6, 'DisabledComponents')
  if (components !== undefined)
    for (const i6 of machine.ip6.interfaces.values())
      if (i6.via.kind !== 'loopback') machine.ip6.setEnabled(i6, (components & 0xff) !== 0xff && (components & 0x10) === 0)
}

/** Whether names of the link are neither asked for nor answered: a value, a policy, or the DNS client that does not run. */
export function silentOnLink(machine: Machine, protocol: 'mdns' | 'llmnr'): boolean {
  if (!machine.runs('Dnscache')) return true
  const registry = machine.system?.registry
  return protocol === 'mdns'
    ? registry?.number(DNSCACHE, 'EnableMDNS') === 0
    : registry?.number(DNS_POLICY, 'EnableMulticast') === 0
}
