// `netsh advfirewall` (fact sheet 3.7): profiles here, rules in netsh-advfirewall-rules.ts.
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { FirewallProfileView } from '../../engine/machine/windows/net-views.ts'
import { type Change, effective, type ProfileName } from '../../engine/service/firewall/profiles.ts'
import { netshFirewallRules } from './netsh-advfirewall-rules.ts'
import { ELEVATION } from './netsh-portproxy.ts'
import type { Gen, ProgramIo } from './program.ts'

const DASHES = '-'.repeat(70)

export function* netshAdvfirewall(args: readonly string[], io: ProgramIo): Gen<number> {
  const net = io.kernel.windowsNet
  const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase())
  const out: string[] = []
  let status = 0
  if (net === undefined) return 1
  const changes = verb === 'set' || verb === 'reset' || (verb === 'firewall' && what !== 'show')
  if (changes && !io.kernel.identity().elevated) {
    out.push(ELEVATION, '')
    status = 1
  } else if (verb === 'firewall') status = netshFirewallRules(args.slice(1), net, out)
  else if (verb === 'reset') {
    net.resetFirewall()
    out.push('Ok.', '')
  } else if (verb === 'show' && profilesOf(what, net) !== undefined) status = show(what, args.slice(2), net, out)
  else if (verb === 'set' && profilesOf(what, net) !== undefined) status = set(what, args.slice(2), net, out)
  else {
    out.push(`netsh advfirewall ${[verb, what].join(' ').trim()}: this command is real, but it is not simulated here yet.`)
    status = 1
  }
  for (const line of out) yield* io.line(line)
  return status
}

function profilesOf(word: string, net: WindowsNetCalls): FirewallProfileView[] | undefined {
  const all = net.firewallProfiles()
  if (word === 'allprofiles') return all
  if (word === 'currentprofile') {
    const active = all.filter(({ active }) => active)
    return active.length > 0 ? active : all.filter(({ name }) => name === 'Public')
  }
  const found = all.find(({ name }) => `${name.toLowerCase()}profile` === word)
  return found && [found]
}

const onOff = (on: boolean): string => (on ? 'Enable' : 'Disable')

function show(what: string, words: readonly string[], net: WindowsNetCalls, out: string[]): number {
  const part = (words[0] ?? '').toLowerCase()
  const row = (label: string, value: string) => `${label.padEnd(38)}${value}`
  for (const view of profilesOf(what, net) ?? []) {
    const holds = effective(view.local, view.policy)
    const inbound = !holds.inboundRules ? 'BlockInboundAlways' : holds.inboundAllowed ? 'AllowInbound' : 'BlockInbound'
    out.push('', `${view.name} Profile Settings: `, DASHES)
    if (part === '' || part === 'state') out.push(row('State', holds.enabled ? 'ON' : 'OFF'))
    if (part === '' || part === 'firewallpolicy')
      out.push(row('Firewall Policy', `${inbound},${holds.outboundAllowed ? 'AllowOutbound' : 'BlockOutbound'}`))
    if (part === '' || part === 'settings')
      out.push(
        row('LocalFirewallRules', 'N/A (GPO-store only)'),
        row('LocalConSecRules', 'N/A (GPO-store only)'),
        row('InboundUserNotification', onOff(view.local.NotifyOnListen !== 'False')),
        row('RemoteManagement', 'Disable'),
        row('UnicastResponseToMulticast', onOff(holds.unicastResponse)),
      )
    if (part === '') out.push('', 'Logging:')
    if (part === '' || part === 'logging')
      out.push(
        row('LogAllowedConnections', onOff(holds.logAllowed)),
        row('LogDroppedConnections', onOff(holds.logBlocked)),
        row('FileName', view.local.LogFileName),
        row('MaxFileSize', String(view.local.LogMaxSizeKilobytes)),
      )
    out.push('')
  }
  out.push('Ok.', '')
  return 0
}

function set(what: string, words: readonly string[], net: WindowsNetCalls, out: string[]): number {
  const change = changeOf(
    words.map((word) => word.toLowerCase()),
    words,
  )
  if (typeof change === 'string') {
    out.push(change, '')
    return 1
  }
  for (const { name } of profilesOf(what, net) ?? []) net.setFirewallProfile(name as ProfileName, change, 'local')
  out.push('Ok.', '')
  return 0
}

const WRONG = 'A specified value is not valid.'

function changeOf([key = '', value = '', third = '']: readonly string[], words: readonly string[]): Change | string {
  const enabled = (word: string): 'True' | 'False' => (word.startsWith('enable') ? 'True' : 'False')
  switch (key) {
    case 'state':
      if (value === 'on') return { Enabled: 'True' }
      if (value === 'off') return { Enabled: 'False' }
      return value === 'notconfigured' ? { Enabled: 'NotConfigured' } : WRONG
    case 'firewallpolicy': {
      const [inbound = '', outbound = ''] = value.split(',')
      const rules = inbound === 'blockinboundalways' ? 'False' : 'True'
      const known = /^(blockinbound|blockinboundalways|allowinbound|notconfigured)$/.test(inbound)
      if (!known || !/^(allowoutbound|blockoutbound|notconfigured)$/.test(outbound)) return WRONG
      return {
        AllowInboundRules: rules,
        DefaultInboundAction: inbound === 'allowinbound' ? 'Allow' : inbound === 'notconfigured' ? 'NotConfigured' : 'Block',
        DefaultOutboundAction: outbound === 'blockoutbound' ? 'Block' : outbound === 'notconfigured' ? 'NotConfigured' : 'Allow',
      }
    }
    case 'settings':
      if (!/^(enable|disable|notconfigured)$/.test(third)) return WRONG
      if (value === 'inboundusernotification') return { NotifyOnListen: enabled(third) }
      if (value === 'unicastresponsetomulticast') return { AllowUnicastResponseToMulticast: enabled(third) }
      return 'This setting can only be modified when configuring a Group Policy object (GPO) store.'
    case 'logging':
      if (value === 'allowedconnections') return { LogAllowed: enabled(third) }
      if (value === 'droppedconnections') return { LogBlocked: enabled(third) }
      if (value === 'filename') return { LogFileName: words[2] ?? '' }
      if (value === 'maxfilesize' && /^\d{1,5}$/.test(third)) return { LogMaxSizeKilobytes: Number(third) }
      return WRONG
    default:
      return WRONG
  }
}
