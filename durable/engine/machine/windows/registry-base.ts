// The registry of a Windows machine as its state makes it: read off when it is asked for. What people wrote lies over it (registry.ts).
import { formatIp, formatMacBare, maskOf } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'
import type { RegistryData, RegistryKind, StartType } from './windows-views.ts'

export type RegistryValues = Map<string, readonly [kind: RegistryKind, data: RegistryData]>
/** Keys in full, `HKLM\SYSTEM\...`, with their values. Keys above them are implied. */
export type RegistryTree = Map<string, RegistryValues>

export const SERVICES = 'HKLM\\SYSTEM\\CurrentControlSet\\Services'
export const SWITCH_LIST = `${SERVICES}\\VMSMP\\Parameters\\SwitchList`
export const TCPIP = `${SERVICES}\\Tcpip\\Parameters`
export const TCPIP6 = `${SERVICES}\\Tcpip6\\Parameters`
export const DNSCACHE = `${SERVICES}\\Dnscache\\Parameters`
export const DNS_POLICY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient'
export const FIREWALL = `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy`
export const FIREWALL_POLICY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall'
export const VIRTUALIZATION = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization'
const CURRENT = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
const CONNECTIONS = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}'

/** Folders of Windows that everybody expects, without anything in them here. */
const EMPTY = [
  'HKLM\\BCD00000000',
  'HKLM\\HARDWARE',
  'HKLM\\SAM',
  'HKLM\\SECURITY',
  'HKLM\\SOFTWARE\\Classes',
  'HKLM\\SOFTWARE\\Clients',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
  'HKLM\\SOFTWARE\\Policies\\Microsoft',
  'HKLM\\SYSTEM\\CurrentControlSet\\Control',
  'HKCU\\Console',
  'HKCU\\Control Panel\\Desktop',
  'HKCU\\Network',
  'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
  'HKCU\\Software\\Policies',
  'HKCU\\Volatile Environment',
]

const START: { readonly [type in StartType]: number } = {
  Boot: 0,
  System: 1,
  Automatic: 2,
  AutomaticDelayed: 2,
  Manual: 3,
  Disabled: 4,
}

/** What the version of a build is called. */
const DISPLAY: { readonly [build: number]: string } = {
  17763: '1809',
  18362: '1903',
  19045: '22H2',
  22000: '21H2',
  22621: '22H2',
  22631: '23H2',
  26100: '24H2',
  26200: '25H2',
}

const octets = (mac: number): number[] => (formatMacBare(mac).match(/../g) ?? []).map((two) => Number.parseInt(two, 16))

export function baseRegistry(machine: Machine): RegistryTree {
  const tree: RegistryTree = new Map()
  const at = (path: string): RegistryValues => {
    const known = tree.get(path)
    if (known) return known
    const made: RegistryValues = new Map()
    tree.set(path, made)
    return made
  }
  const text = (path: string, name: string, data: string) => at(path).set(name, ['REG_SZ', data])
  const number = (path: string, name: string, data: number) => at(path).set(name, ['REG_DWORD', data])
  const many = (path: string, name: string, data: readonly string[]) => at(path).set(name, ['REG_MULTI_SZ', data])
  for (const path of EMPTY) at(path)

  const { build } = machine.definition
  text(CURRENT, 'ProductName', 'Windows 10 Pro')
  text(CURRENT, 'CurrentBuild', String(build))
  text(CURRENT, 'CurrentBuildNumber', String(build))
  text(CURRENT, 'DisplayVersion', DISPLAY[build] ?? '')
  text(CURRENT, 'EditionID', 'Professional')
  number(CURRENT, 'CurrentMajorVersionNumber', 10)
  number(CURRENT, 'CurrentMinorVersionNumber', 0)
  text('HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName', 'ComputerName', machine.hostname)
  text('HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName', 'ComputerName', machine.hostname)

  for (const { name, displayName, startType, driver, shared, dependsOn, path } of machine.system?.services.list() ?? []) {
    const key = `${SERVICES}\\${name}`
    text(key, 'DisplayName', displayName)
    number(key, 'ErrorControl', 1)
    at(key).set('ImagePath', ['REG_EXPAND_SZ', path])
    number(key, 'Start', START[startType])
    number(key, 'Type', driver ? 1 : shared ? 32 : 16)
    if (startType === 'AutomaticDelayed') number(key, 'DelayedAutostart', 1)
    if (dependsOn.length > 0) many(key, 'DependOnService', dependsOn)
  }

  text(TCPIP, 'Hostname', machine.hostname)
  text(TCPIP, 'NV Hostname', machine.hostname)
  text(TCPIP, 'Domain', '')
  text(TCPIP, 'NV Domain', '')
  text(TCPIP, 'SearchList', '')
  at(TCPIP).set('DataBasePath', ['REG_EXPAND_SZ', '%SystemRoot%\\System32\\drivers\\etc'])
  number(TCPIP, 'IPEnableRouter', 0)
  number(TCPIP, 'ForwardBroadcasts', 0)
  at(TCPIP6)
  at(DNSCACHE).set('ServiceDll', ['REG_EXPAND_SZ', '%SystemRoot%\\System32\\dnsrslvr.dll'])
  adapters(machine, { text, number, many, at })
  firewall(machine, number)
  if (machine.definition.hyperV) hyperV(machine, { text, at })
  return tree
}

type Put = {
  readonly at: (path: string) => RegistryValues
  readonly text: (path: string, name: string, data: string) => unknown
  readonly number: (path: string, name: string, data: number) => unknown
  readonly many: (path: string, name: string, data: readonly string[]) => unknown
}

function adapters(machine: Machine, { text, number, many }: Put): void {
  const seconds = (micros: number | null | undefined): number =>
    micros === null || micros === undefined ? 0 : Math.floor((machine.world.epochMicros + micros) / 1_000_000)
  for (const via of machine.stack.interfaces.values()) {
    if (via.guid === '') continue
    const guid = via.guid.startsWith('{') ? via.guid : `{${via.guid}}`
    text(`${CONNECTIONS}\\${guid}\\Connection`, 'Name', via.name)
    const key = `${TCPIP}\\Interfaces\\${guid}`
    const own = via.addresses.filter(({ origin }) => origin === 'manual' || origin === 'ics')
    const leased = via.addresses.find(({ origin }) => origin === 'dhcp')
    const lease = machine.dhcpClient(via.index)?.view()
    const gateways = machine.stack.routes.all
      .filter((route) => route.interface === via.index && route.prefixLength === 0 && route.gateway !== 0)
      .map((route) => formatIp(route.gateway))
    number(key, 'EnableDHCP', via.dhcp ? 1 : 0)
    text(key, 'Domain', '')
    text(key, 'NameServer', machine.manualDns.has(via.index) || !via.dhcp ? via.dnsServers.map(formatIp).join(',') : '')
    if (own.length > 0) {
      many(
        key,
        'IPAddress',
        own.map(({ ip }) => formatIp(ip)),
      )
      many(
        key,
        'SubnetMask',
        own.map(({ prefixLength }) => formatIp(maskOf(prefixLength))),
      )
      many(key, 'DefaultGateway', gateways)
    }
    if (leased === undefined || lease === undefined) continue
    text(key, 'DhcpIPAddress', formatIp(leased.ip))
    text(key, 'DhcpSubnetMask', formatIp(maskOf(leased.prefixLength)))
    text(key, 'DhcpServer', lease.server)
    number(key, 'Lease', Math.max(0, seconds(lease.expiresAt) - seconds(lease.obtainedAt)))
    number(key, 'LeaseObtainedTime', seconds(lease.obtainedAt))
    number(key, 'T1', seconds(lease.renewAt))
    number(key, 'T2', seconds(lease.rebindAt))
    number(key, 'LeaseTerminatesTime', seconds(lease.expiresAt))
    many(key, 'DhcpDefaultGateway', gateways)
    text(key, 'DhcpNameServer', (machine.dhcpClient(via.index)?.leasedDns ?? []).map(formatIp).join(' '))
    text(key, 'DhcpDomain', via.dnsSuffix)
  }
}

/** The profiles by the names that the registry has for them. */
export const PROFILE_KEYS = { DomainProfile: 'Domain', StandardProfile: 'Private', PublicProfile: 'Public' } as const

function firewall(machine: Machine, number: Put['number']): void {
  for (const [key, name] of Object.entries(PROFILE_KEYS)) {
    const profile = machine.firewall?.profile(name)
    if (profile) number(`${FIREWALL}\\${key}`, 'EnableFirewall', profile.Enabled === 'False' ? 0 : 1)
    const policy = machine.firewall?.profile(name, 'policy').AllowLocalFirewallRules
    const above = key === 'StandardProfile' ? 'PrivateProfile' : key
    if (policy === 'True' || policy === 'False')
      number(`${FIREWALL_POLICY}\\${above}`, 'AllowLocalPolicyMerge', policy === 'True' ? 1 : 0)
  }
}

function hyperV(machine: Machine, { text, at }: Pick<Put, 'text' | 'at'>): void {
  const { hyperV: host } = machine
  const virtual = at(VIRTUALIZATION)
  const { first, last } = host?.macPool.range ?? { first: 0, last: 0 }
  virtual.set('MinimumMacAddress', ['REG_BINARY', octets(first)])
  virtual.set('MaximumMacAddress', ['REG_BINARY', octets(last)])
  at(`${VIRTUALIZATION}\\Worker`)
  text(`${SWITCH_LIST}\\C08CB7B8-9B3C-408E-8E30-5E16A3AEB444`, 'FriendlyName', 'Default Switch')
  for (const { id, name } of host?.switches ?? []) text(`${SWITCH_LIST}\\${id.toUpperCase()}`, 'FriendlyName', name)
}
