// What TCP/IP can be told of itself (fact sheet 2.5, values of 4.3): names, usual values, and which of them a frame heeds here.
import type { Call } from '../../cmdlet.ts'
import type { PsValue } from '../../values/value.ts'
import { netOf } from '../windows-net.ts'

export type SettingField = {
  readonly name: string
  /** By the instance, where there are several. */
  readonly usual: (instance: string) => PsValue
  /** Numbers from and to; undefined: a word. */
  readonly range?: readonly [low: number, high: number]
  /** It can be looked at, not set. */
  readonly fixed?: true
  /** Setting it changes what the computer does, or there is nothing on the wire that it could change. */
  readonly heeded?: true
}

export type SettingTable = {
  readonly noun: string
  readonly className: string
  readonly synopsis: string
  /** The property that names an instance, and their names; undefined: there is one. */
  readonly named?: { readonly property: string; readonly names: readonly string[] }
  readonly fields: readonly SettingField[]
  /** Values that live elsewhere in the computer. */
  readonly live?: (call: Call) => Record<string, PsValue>
  /** Instances that have no values of their own. */
  readonly blank?: string
}

const word = (name: string, usual: PsValue, more: Partial<SettingField> = {}): SettingField => ({
  name,
  usual: () => usual,
  ...more,
})
const number = (name: string, usual: number, low: number, high: number, more: Partial<SettingField> = {}): SettingField => ({
  name,
  usual: () => usual,
  range: [low, high],
  ...more,
})
const by = (
  name: string,
  usual: PsValue,
  other: Readonly<Record<string, PsValue>>,
  range?: readonly [number, number],
): SettingField => ({
  name,
  usual: (instance) => other[instance] ?? usual,
  ...(range === undefined ? {} : { range }),
})

const ports = [
  number('DynamicPortRangeStartPort', 49_152, 1024, 65_535, { heeded: true }),
  number('DynamicPortRangeNumberOfPorts', 16_384, 255, 64_512, { heeded: true }),
]
const portsOf = (protocol: 'tcp' | 'udp') => (call: Call) => {
  const [first, count] = netOf(call).dynamicPorts(protocol)
  return { DynamicPortRangeStartPort: first, DynamicPortRangeNumberOfPorts: count }
}

export const tcpSetting: SettingTable = {
  noun: 'NetTCPSetting',
  className: 'MSFT_NetTCPSetting',
  synopsis: 'TCP settings and configuration',
  named: {
    property: 'SettingName',
    names: ['Automatic', 'InternetCustom', 'DatacenterCustom', 'Compat', 'Datacenter', 'Internet'],
  },
  blank: 'Automatic',
  live: portsOf('tcp'),
  fields: [
    by('MinRtoMs', 300, { DatacenterCustom: 20, Datacenter: 20 }, [20, 300]),
    by('InitialCongestionWindowMss', 10, { Compat: 4 }, [2, 64]),
    by('CongestionProvider', 'CUBIC', { Compat: 'NewReno' }),
    word('CwndRestart', 'False'),
    by('DelayedAckTimeoutMs', 40, { DatacenterCustom: 10, Datacenter: 10, Compat: 200 }, [10, 600]),
    number('DelayedAckFrequency', 2, 1, 255),
    word('MemoryPressureProtection', 'Enabled'),
    word('AutoTuningLevelLocal', 'Normal'),
    word('AutoTuningLevelGroupPolicy', 'NotConfigured', { fixed: true }),
    word('AutoTuningLevelEffective', 'Local', { fixed: true }),
    word('EcnCapability', 'Disabled'),
    word('Timestamps', 'Disabled'),
    by('InitialRtoMs', 1000, { Compat: 3000 }, [300, 3000]),
    word('ScalingHeuristics', 'Disabled'),
    ...ports,
    word('AutomaticUseCustom', 'Disabled'),
    word('NonSackRttResiliency', 'Disabled'),
    word('ForceWS', 'Enabled'),
    number('MaxSynRetransmissions', 4, 2, 8),
    number('AutoReusePortRangeStartPort', 0, 0, 65_535),
    number('AutoReusePortRangeNumberOfPorts', 0, 0, 65_535),
  ],
}

export const udpSetting: SettingTable = {
  noun: 'NetUDPSetting',
  className: 'MSFT_NetUDPSetting',
  synopsis: 'UDP settings',
  live: portsOf('udp'),
  fields: ports,
}

const protocol = (family: 'IPv4' | 'IPv6', own: readonly SettingField[]): SettingTable => ({
  noun: `Net${family}Protocol`,
  className: `MSFT_Net${family}Protocol`,
  synopsis: `the configuration of ${family}`,
  fields: [
    number('DefaultHopLimit', 128, 1, 255, { heeded: true }),
    number('NeighborCacheLimitEntries', 256, 1, 65_535),
    number('RouteCacheLimitEntries', family === 'IPv4' ? 128 : 4096, 1, 65_535),
    number('ReassemblyLimitBytes', 267_748_640, 0, 0xffffffff),
    word('IcmpRedirects', 'Enabled'),
    word('SourceRoutingBehavior', 'DontForward'),
    word('DhcpMediaSense', 'Enabled'),
    word('MediaSenseEventLog', 'Disabled'),
    ...own,
    word('MulticastForwarding', 'Disabled'),
    word('GroupForwardedFragments', 'Disabled'),
    word('RandomizeIdentifiers', 'Enabled'),
    word('AddressMaskReply', 'Disabled'),
    word('DeadGatewayDetection', 'Enabled'),
  ],
})

const DAY = 86_400_000_000
const span = (micros: number): PsValue => ({ kind: 'span', micros })

export const ipv4Protocol = protocol('IPv4', [
  word('IGMPLevel', 'All'),
  word('IGMPVersion', 'Version3'),
  number('MinimumMtu', 576, 352, 1500),
])
export const ipv6Protocol = protocol('IPv6', [
  word('MldLevel', 'All'),
  word('MldVersion', 'Version2'),
  word('UseTemporaryAddresses', 'Enabled'),
  number('MaxTemporaryDadAttempts', 3, 0, 255),
  word('MaxTemporaryValidLifetime', span(7 * DAY)),
  word('MaxTemporaryPreferredLifetime', span(DAY)),
  word('TemporaryRegenerateTime', span(5_000_000)),
  word('MaxTemporaryDesyncTime', span(DAY / 144)),
])

/** The frames of the lab are the same whoever counts sums, cuts segments or puts them together. */
const same = { heeded: true } as const
export const offloadSetting: SettingTable = {
  noun: 'NetOffloadGlobalSetting',
  className: 'MSFT_NetOffloadGlobalSetting',
  synopsis: 'the global TCP/IP offload settings',
  fields: [
    word('ReceiveSideScaling', 'Enabled', same),
    word('ReceiveSegmentCoalescing', 'Enabled', same),
    word('Chimney', 'Disabled', same),
    word('TaskOffload', 'Enabled', same),
    word('NetworkDirect', 'Enabled', same),
    word('NetworkDirectAcrossIPSubnets', 'Blocked', same),
    word('PacketCoalescingFilter', 'Disabled', same),
  ],
}

export const SETTING_TABLES: readonly SettingTable[] = [tcpSetting, udpSetting, ipv4Protocol, ipv6Protocol, offloadSetting]
