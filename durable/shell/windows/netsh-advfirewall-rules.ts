// `netsh advfirewall firewall add|set|delete|show rule` (fact sheet 3.7).
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { FirewallRuleView } from '../../engine/machine/windows/net-views.ts'
import { protocolText, shownAddress } from '../../engine/service/firewall/rule.ts'
import { aRule, type FirewallRule } from '../../engine/service/firewall.ts'
import { named } from './netsh-words.ts'

const DASHES = '-'.repeat(70)
const NONE = 'No rules match the specified criteria.'
const COLUMN = 42

export function netshFirewallRules(args: readonly string[], net: WindowsNetCalls, out: string[]): number {
  const [verb = '', noun = ''] = args.map((arg) => arg.toLowerCase())
  if (noun !== 'rule' || !/^(add|set|delete|show)$/.test(verb)) {
    out.push(`The following command was not found: advfirewall firewall ${args.join(' ')}.`)
    return 1
  }
  const rest = args.slice(2)
  const given = named(rest.filter((word) => word.toLowerCase() !== 'verbose' && word.toLowerCase() !== 'new'))
  const name = given.name
  if (name === undefined) return told(out, 'One or more essential parameters were not specified.')
  if (verb === 'add') return add(given, net, out)
  const found = net
    .firewallRules()
    .filter(
      (rule) =>
        rule.store !== 'GroupPolicy' && (name.toLowerCase() === 'all' || rule.displayName.toLowerCase() === name.toLowerCase()),
    )
    .filter((rule) => suits(rule, given))
  if (found.length === 0) return told(out, NONE)
  if (verb === 'show') {
    const verbose = rest.some((word) => word.toLowerCase() === 'verbose')
    for (const rule of found) out.push(...shown(rule, verbose))
    out.push('Ok.', '')
    return 0
  }
  if (verb === 'delete') {
    for (const rule of found) net.removeFirewallRule(rule.name, rule.store)
    out.push('', `Deleted ${found.length} rule(s).`, 'Ok.', '')
    return 0
  }
  const at = rest.findIndex((word) => word.toLowerCase() === 'new')
  const change = at < 0 ? undefined : fields(named(rest.slice(at + 1)))
  if (change === undefined) return told(out, 'A specified value is not valid.')
  for (const rule of found)
    if (!net.changeFirewallRule(rule.name, rule.store, change).ok) return told(out, 'A specified value is not valid.')
  out.push('', `Updated ${found.length} rule(s).`, 'Ok.', '')
  return 0
}

function told(out: string[], text: string): number {
  out.push('', text, '')
  return 1
}

function add(given: Readonly<Record<string, string>>, net: WindowsNetCalls, out: string[]): number {
  if (given.dir === undefined || given.action === undefined)
    return told(out, 'One or more essential parameters were not specified.')
  const made = fields(given)
  if (made === undefined) return told(out, 'A specified value is not valid.')
  if (!net.addFirewallRule({ ...aRule({ name: '', displayName: given.name ?? '' }), ...made }).ok)
    return told(out, 'A specified port value is not valid.')
  out.push('Ok.', '')
  return 0
}

const list = (text: string): string[] => (/^any$/i.test(text) ? [] : text.split(',').map((word) => word.trim()))
const WORDS: Readonly<Record<string, string>> = {
  localsubnet: 'LocalSubnet',
  dns: 'DNS',
  dhcp: 'DHCP',
  wins: 'WINS',
  defaultgateway: 'DefaultGateway',
}

/** What the words say of a rule; undefined: one of them is wrong. */
function fields(given: Readonly<Record<string, string>>): Partial<FirewallRule> | undefined {
  const made: { -readonly [key in keyof FirewallRule]?: FirewallRule[key] } = {}
  for (const [key, value] of Object.entries(given)) {
    const lower = value.toLowerCase()
    const addresses = () => list(value).map((word) => WORDS[word.toLowerCase()] ?? shownAddress(word))
    switch (key) {
      case 'name':
        break
      case 'dir':
        if (lower !== 'in' && lower !== 'out') return undefined
        made.direction = lower === 'in' ? 'Inbound' : 'Outbound'
        break
      case 'action':
        if (lower !== 'allow' && lower !== 'block') return undefined
        made.action = lower === 'allow' ? 'Allow' : 'Block'
        break
      case 'enable':
        made.enabled = lower === 'yes'
        break
      case 'profile':
        made.profiles = profiles(lower)
        break
      case 'protocol': {
        const protocol = protocolOf(lower)
        if (protocol === undefined) return undefined
        made.protocol = protocol.number
        if (protocol.types !== undefined) made.icmpTypes = protocol.types
        break
      }
      case 'localport':
        made.localPorts = list(value)
        break
      case 'remoteport':
        made.remotePorts = list(value)
        break
      case 'localip':
        made.localAddresses = addresses()
        break
      case 'remoteip':
        made.remoteAddresses = addresses()
        break
      case 'program':
        made.program = value
        break
      case 'service':
        made.service = lower === 'any' ? 'Any' : value
        break
      case 'description':
        made.description = value
        break
      case 'edge':
        made.edge =
          lower === 'yes' ? 'Allow' : lower === 'deferapp' ? 'DeferToApp' : lower === 'deferuser' ? 'DeferToUser' : 'Block'
        break
      case 'interfacetype':
        made.interfaceType =
          lower === 'lan' ? 'Wired' : lower === 'wireless' ? 'Wireless' : lower === 'ras' ? 'RemoteAccess' : 'Any'
        break
      default:
        return undefined
    }
  }
  return made
}

function profiles(text: string): number {
  if (text === 'any') return 7
  return text
    .split(',')
    .reduce((sum, word) => sum | (word === 'domain' ? 1 : word === 'private' ? 2 : word === 'public' ? 4 : 0), 0)
}

function protocolOf(text: string): { readonly number: number; readonly types?: string[] } | undefined {
  const [word = '', type, code] = text.split(/[:,]/)
  const numbers: Readonly<Record<string, number>> = { any: 0, tcp: 6, udp: 17, icmpv4: 1, icmpv6: 58 }
  const number = numbers[word] ?? (/^\d{1,3}$/.test(word) && Number(word) < 256 ? Number(word) : undefined)
  if (number === undefined) return undefined
  if (type === undefined) return { number }
  return { number, types: type === 'any' ? [] : [code === undefined || code === 'any' ? type : `${type}:${code}`] }
}

function suits(rule: FirewallRuleView, given: Readonly<Record<string, string>>): boolean {
  const { dir, profile, protocol, localport, remoteport } = given
  if (dir !== undefined && rule.direction !== (dir.toLowerCase() === 'in' ? 'Inbound' : 'Outbound')) return false
  if (profile !== undefined && profile.toLowerCase() !== 'any' && (rule.profiles & profiles(profile.toLowerCase())) === 0)
    return false
  if (protocol !== undefined && protocolOf(protocol.toLowerCase())?.number !== rule.protocol) return false
  if (localport !== undefined && rule.localPorts.join(',') !== list(localport).join(',')) return false
  return remoteport === undefined || rule.remotePorts.join(',') === list(remoteport).join(',')
}

function shown(rule: FirewallRuleView, verbose: boolean): string[] {
  const row = (label: string, value: string) => `${label.padEnd(COLUMN)}${value}`
  const any = (words: readonly string[]): string => (words.length === 0 ? 'Any' : words.join(','))
  const ports = rule.protocol === 6 || rule.protocol === 17
  const types = rule.icmpTypes.map((entry) => entry.split(':'))
  const profile = ['Domain', 'Private', 'Public'].filter((_, bit) => (rule.profiles & (1 << bit)) !== 0).join(',')
  const edge = { Block: 'No', Allow: 'Yes', DeferToApp: 'Defer to application', DeferToUser: 'Defer to user' }[rule.edge]
  return [
    '',
    row('Rule Name:', rule.displayName),
    DASHES,
    ...(verbose ? [row('Description:', rule.description)] : []),
    row('Enabled:', rule.enabled ? 'Yes' : 'No'),
    row('Direction:', rule.direction === 'Inbound' ? 'In' : 'Out'),
    row('Profiles:', profile),
    row('Grouping:', rule.group),
    row('LocalIP:', any(rule.localAddresses)),
    row('RemoteIP:', any(rule.remoteAddresses)),
    row('Protocol:', protocolText(rule.protocol)),
    ...(ports ? [row('LocalPort:', any(rule.localPorts)), row('RemotePort:', any(rule.remotePorts))] : []),
    ...(types.length > 0
      ? [
          `${' '.repeat(COLUMN)}Type    Code`,
          ...types.map(([type, code]) => `${' '.repeat(COLUMN)}${(type ?? '').padEnd(8)}${code ?? 'Any'}`),
        ]
      : []),
    row('Edge traversal:', edge),
    ...(verbose
      ? [
          ...(rule.program === 'Any' ? [] : [row('Program:', rule.program)]),
          ...(rule.service === 'Any' ? [] : [row('Service:', rule.service)]),
          row('InterfaceTypes:', { Any: 'Any', Wired: 'LAN', Wireless: 'Wireless', RemoteAccess: 'RAS' }[rule.interfaceType]),
          row('Security:', 'NotRequired'),
          row('Rule source:', 'Local Setting'),
        ]
      : []),
    row('Action:', rule.action),
  ]
}
