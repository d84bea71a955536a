// What TCP/IP says of itself (fact sheet 2.5, values of 4.3): looked at, not set.
import { type Cmdlet, cmdlet } from '../../cmdlet.ts'
import type { PsObject, PsValue } from '../../values/value.ts'
import { chooseFrom, cim } from '../cim.ts'

const templates: readonly (readonly [name: string, change: Record<string, PsValue>])[] = [
  ['Automatic', {}],
  ['InternetCustom', {}],
  ['DatacenterCustom', { MinRtoMs: 20, CongestionProvider: 'CUBIC', InitialCongestionWindowMss: 10, DelayedAckTimeoutMs: 10 }],
  ['Compat', { CongestionProvider: 'NewReno', InitialCongestionWindowMss: 4, DelayedAckTimeoutMs: 200, InitialRtoMs: 3000 }],
  ['Datacenter', { MinRtoMs: 20, DelayedAckTimeoutMs: 10 }],
  ['Internet', {}],
]

const tcpSettings = (): PsObject[] =>
  templates.map(([name, change]) =>
    cim('MSFT_NetTCPSetting', {
      SettingName: name,
      ...(name === 'Automatic'
        ? {}
        : {
            MinRtoMs: 300,
            InitialCongestionWindowMss: 10,
            CongestionProvider: 'CUBIC',
            CwndRestart: 'False',
            DelayedAckTimeoutMs: 40,
            DelayedAckFrequency: 2,
            MemoryPressureProtection: 'Enabled',
            AutoTuningLevelLocal: 'Normal',
            AutoTuningLevelGroupPolicy: 'NotConfigured',
            AutoTuningLevelEffective: 'Local',
            EcnCapability: 'Disabled',
            Timestamps: 'Disabled',
            InitialRtoMs: 1000,
            ScalingHeuristics: 'Disabled',
            DynamicPortRangeStartPort: 49152,
            DynamicPortRangeNumberOfPorts: 16384,
            AutomaticUseCustom: 'Disabled',
            NonSackRttResiliency: 'Disabled',
            ForceWS: 'Enabled',
            MaxSynRetransmissions: 4,
            AutoReusePortRangeStartPort: 0,
            AutoReusePortRangeNumberOfPorts: 0,
            ...change,
          }),
    }),
  )

const protocol = (family: 'IPv4' | 'IPv6'): PsObject =>
  cim(family === 'IPv4' ? 'MSFT_NetIPv4Protocol' : 'MSFT_NetIPv6Protocol', {
    DefaultHopLimit: 128,
    'NeighborCacheLimit(Entries)': 256,
    'RouteCacheLimit(Entries)': 128,
    'ReassemblyLimit(Bytes)': 267_748_640,
    IcmpRedirects: 'Enabled',
    SourceRoutingBehavior: 'DontForward',
    DhcpMediaSense: 'Enabled',
    MediaSenseEventLog: 'Disabled',
    ...(family === 'IPv4'
      ? { IGMPLevel: 'All', IGMPVersion: 'Version3' }
      : { MldLevel: 'All', MldVersion: 'Version2', UseTemporaryAddresses: 'Enabled', MaxTemporaryDadAttempts: 3 }),
    MulticastForwarding: 'Disabled',
    GroupForwardedFragments: 'Disabled',
    RandomizeIdentifiers: 'Enabled',
    AddressMaskReply: 'Disabled',
    DeadGatewayDetection: 'Enabled',
    ...(family === 'IPv4' ? { 'MinimumMtu(Bytes)': 576 } : {}),
  })

const policies: readonly (readonly [prefix: string, precedence: number, label: number])[] = [
  ['3ffe::/16', 1, 12],
  ['fec0::/10', 1, 11],
  ['::/96', 1, 3],
  ['fc00::/7', 3, 13],
  ['2001::/32', 5, 5],
  ['2002::/16', 30, 2],
  ['::ffff:0:0/96', 35, 4],
  ['::/0', 40, 1],
  ['::1/128', 50, 0],
]

type Shape = {
  readonly name: string
  readonly synopsis: string
  readonly className: string
  readonly by: Readonly<Record<string, string>>
  readonly all: () => readonly PsObject[]
}

const shapes: readonly Shape[] = [
  {
    name: 'Get-NetTCPSetting',
    synopsis: 'Gets information about TCP settings and configuration.',
    className: 'MSFT_NetTCPSetting',
    by: { SettingName: 'SettingName', CongestionProvider: 'CongestionProvider' },
    all: tcpSettings,
  },
  {
    name: 'Get-NetUDPSetting',
    synopsis: 'Gets UDP settings.',
    className: 'MSFT_NetUDPSetting',
    by: {},
    all: () => [cim('MSFT_NetUDPSetting', { DynamicPortRangeStartPort: 49152, DynamicPortRangeNumberOfPorts: 16384 })],
  },
  {
    name: 'Get-NetIPv4Protocol',
    synopsis: 'Gets the configuration of IPv4.',
    className: 'MSFT_NetIPv4Protocol',
    by: {},
    all: () => [protocol('IPv4')],
  },
  {
    name: 'Get-NetIPv6Protocol',
    synopsis: 'Gets the configuration of IPv6.',
    className: 'MSFT_NetIPv6Protocol',
    by: {},
    all: () => [protocol('IPv6')],
  },
  {
    name: 'Get-NetPrefixPolicy',
    synopsis: 'Gets the prefix policies of IPv6.',
    className: 'MSFT_NetPrefixPolicy',
    by: { Prefix: 'Prefix', Precedence: 'Precedence', Label: 'Label' },
    all: () =>
      policies.map(([prefix, precedence, label]) =>
        cim('MSFT_NetPrefixPolicy', { Prefix: prefix, Precedence: precedence, Label: label }),
      ),
  },
  {
    name: 'Get-NetOffloadGlobalSetting',
    synopsis: 'Gets the global TCP/IP offload settings.',
    className: 'MSFT_NetOffloadGlobalSetting',
    by: {},
    all: () => [
      cim('MSFT_NetOffloadGlobalSetting', {
        ReceiveSideScaling: 'Enabled',
        ReceiveSegmentCoalescing: 'Enabled',
        Chimney: 'Disabled',
        TaskOffload: 'Enabled',
        NetworkDirect: 'Enabled',
        NetworkDirectAcrossIPSubnets: 'Blocked',
        PacketCoalescingFilter: 'Disabled',
      }),
    ],
  },
  {
    name: 'Get-NetCompartment',
    synopsis: 'Gets the network compartments.',
    className: 'MSFT_NetCompartment',
    by: { CompartmentId: 'CompartmentId' },
    all: () => [
      cim('MSFT_NetCompartment', {
        CompartmentId: 1,
        CompartmentDescription: 'Default Compartment',
        CompartmentGuid: '{b1062982-2b18-4b4f-b3d5-a78ddb9cdd49}',
      }),
    ],
  },
  {
    name: 'Get-NetTransportFilter',
    synopsis: 'Gets transport filters.',
    className: 'MSFT_NetTransportFilter',
    by: { SettingName: 'SettingName', Protocol: 'Protocol' },
    all: () => [
      cim('MSFT_NetTransportFilter', {
        SettingName: 'Automatic',
        Protocol: 'TCP',
        LocalPortStart: 0,
        LocalPortEnd: 65535,
        RemotePortStart: 0,
        RemotePortEnd: 65535,
        DestinationPrefix: '*',
      }),
    ],
  },
]

export const tcpipSettingCmdlets: readonly Cmdlet[] = shapes.map(({ name, synopsis, className, by, all }) =>
  cmdlet({ name, module: 'NetTCPIP', synopsis, supports: Object.keys(by) }, function* (call, bound) {
    for (const one of chooseFrom(call, bound, className, all(), by, 'key')) yield* call.emit(one)
  }),
)
