// Get-/Set-DnsClient and Get-/Set-DnsClientGlobalSetting (fact sheet 2.6).
import type { DnsConnection } from '../../../../engine/machine/windows/dns-settings.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, systemError } from '../cim.ts'
import { netOf } from '../windows-net.ts'

const CLIENT = 'MSFT_DNSClient'
const GLOBAL = 'MSFT_DNSClientGlobalSetting'

function clients(call: Call): PsObject[] {
  return call.kernel
    .interfaces()
    .filter((one) => one.enabled)
    .map((one) => {
      const said = netOf(call).dnsConnection(one.index)
      return cim(CLIENT, {
        InterfaceAlias: one.name,
        InterfaceIndex: one.index,
        ConnectionSpecificSuffix: said.suffix ?? one.dnsSuffix,
        ConnectionSpecificSuffixSearchList: [],
        RegisterThisConnectionsAddress: said.register ?? one.kind !== 'loopback',
        UseSuffixWhenRegistering: said.useSuffix ?? false,
      })
    })
}

const filters = {
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  ConnectionSpecificSuffix: 'ConnectionSpecificSuffix',
  RegisterThisConnectionsAddress: 'RegisterThisConnectionsAddress',
  UseSuffixWhenRegistering: 'UseSuffixWhenRegistering',
} as const

function chosen(call: Call, bound: Bound): PsObject[] {
  const { InterfaceAlias, InterfaceIndex } = filters
  return chosenOf(call, bound, CLIENT, clients(call), { InterfaceAlias, InterfaceIndex }, 'query')
}

const global = (call: Call): PsObject => {
  const { suffixes, devolution, level } = netOf(call).dnsGlobal()
  return cim(GLOBAL, {
    UseSuffixSearchList: suffixes.length > 0,
    SuffixSearchList: [...suffixes],
    UseDevolution: devolution,
    DevolutionLevel: level,
  })
}

export const dnsClientCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'Get-DnsClient',
      module: 'DnsClient',
      synopsis: 'Gets details of the network interfaces as the DNS client has them.',
      supports: Object.keys(filters),
    },
    function* (call, bound) {
      for (const one of chooseFrom(call, bound, CLIENT, clients(call), filters, 'query')) yield* call.emit(one)
    },
  ),
  cmdlet(
    {
      name: 'Set-DnsClient',
      module: 'DnsClient',
      synopsis: 'Sets the interface-specific DNS client configurations.',
      supports: [
        'InterfaceAlias',
        'InterfaceIndex',
        'InputObject',
        'ConnectionSpecificSuffix',
        'ResetConnectionSpecificSuffix',
        'RegisterThisConnectionsAddress',
        'UseSuffixWhenRegistering',
        'PassThru',
        'Confirm',
      ],
      classes: { InputObject: CLIENT },
      defaultSet: 'ByAlias',
    },
    function* (call, bound) {
      const shows = bound.flag('PassThru')
      const change: { -readonly [key in keyof DnsConnection]?: DnsConnection[key] } = {}
      if (bound.has('ConnectionSpecificSuffix')) change.suffix = bound.text('ConnectionSpecificSuffix') ?? ''
      if (bound.flag('ResetConnectionSpecificSuffix')) change.suffix = undefined
      if (bound.has('RegisterThisConnectionsAddress')) change.register = bound.flag('RegisterThisConnectionsAddress')
      if (bound.has('UseSuffixWhenRegistering')) change.useSuffix = bound.flag('UseSuffixWhenRegistering')
      for (const one of chosen(call, bound)) {
        const index = Number(property(one, 'InterfaceIndex') ?? 0)
        const done = netOf(call).setDnsConnection(index, change)
        if (!done.ok) call.error(systemError('Element not found. ', 1168, `${CLIENT}:ROOT/StandardCimv2/${CLIENT}`))
        else if (shows) for (const now of clients(call)) if (property(now, 'InterfaceIndex') === index) yield* call.emit(now)
      }
    },
  ),
  cmdlet(
    {
      name: 'Get-DnsClientGlobalSetting',
      module: 'DnsClient',
      synopsis: 'Retrieves the DNS client settings that are the same for all interfaces.',
      supports: [],
    },
    function* (call) {
      yield* call.emit(global(call))
    },
  ),
  cmdlet(
    {
      name: 'Set-DnsClientGlobalSetting',
      module: 'DnsClient',
      synopsis: 'Sets the DNS client settings that are the same for all interfaces.',
      supports: ['SuffixSearchList', 'UseDevolution', 'DevolutionLevel', 'InputObject', 'PassThru', 'Confirm'],
      classes: { InputObject: GLOBAL },
      defaultSet: 'InputObject',
    },
    function* (call, bound) {
      // There is one such object, whether it is given or not.
      const given = bound.list('InputObject').length
      netOf(call).setDnsGlobal({
        ...(bound.has('SuffixSearchList') ? { suffixes: bound.texts('SuffixSearchList').filter((word) => word !== '') } : {}),
        ...(bound.has('UseDevolution') ? { devolution: bound.flag('UseDevolution') } : {}),
        ...(bound.has('DevolutionLevel') ? { level: bound.number('DevolutionLevel') ?? 0 } : {}),
      })
      if (bound.flag('PassThru') && given <= 1) yield* call.emit(global(call))
    },
  ),
  cmdlet(
    {
      name: 'Register-DnsClient',
      module: 'DnsClient',
      synopsis: 'Registers all of the IP addresses of the computer with the configured DNS server.',
      supports: ['Confirm'],
    },
    () => {
      throw new NotSimulated('Register-DnsClient: the dynamic update of DNS is real, but it is not simulated here yet.')
    },
  ),
]
