// What an adapter's hardware can do for the computer (fact sheet 2.4): Get-, Set-, Enable- and Disable- of checksum and segmentation
// offloads, receive side scaling, power management. A setting is an advanced property of the driver, by its registry keyword.
// Frames on the wire are the same either way: who counts a sum or cuts a segment does not show in it.
import type { InterfaceView } from '../../../../engine/machine/views.ts'
import { type Column, col } from '../../format/view.ts'
import type { PsValue } from '../../values/value.ts'

/** `bool`: 0 or 1; `direction`: who counts a checksum; `power`: `Unsupported` where the driver has no such thing. */
export type FeatureShape = 'bool' | 'direction' | 'power' | 'number' | 'profile'

export type Setting = {
  /** Property and parameter of Set-. */
  readonly name: string
  readonly keyword: string
  /** Registry value; undefined: the driver does not have it. */
  readonly usual: (one: InterfaceView) => string | undefined
  readonly shape: FeatureShape
  /** The switch of Enable- and Disable- that means this one. */
  readonly flag?: string
}

export type Feature = {
  readonly noun: string
  /** What it is, in the words of Get-Help. */
  readonly what: string
  readonly settings: readonly Setting[]
  readonly physical?: boolean
  /** More that is shown, after the settings. */
  readonly more?: (one: InterfaceView, values: (name: string) => PsValue) => Record<string, PsValue>
  /** Columns of its table besides the name; none: a list. */
  readonly columns: readonly Column[]
}

const isVirtual = ({ kind }: InterfaceView): boolean => kind === 'virtual'
const always = (value: string) => (): string => value

export const DIRECTIONS = ['Disabled', 'TxEnabled', 'RxEnabled', 'RxTxEnabled']
export const PROFILES = ['', 'Closest', 'ClosestStatic', 'NUMA', 'NUMAStatic', 'Conservative']

const checksum = (name: string, keyword: string): Setting => ({
  name: `${name}Enabled`,
  keyword,
  usual: always('3'),
  shape: 'direction',
  flag: name,
})
const family = (name: 'IPv4' | 'IPv6', keyword: string, usual: Setting['usual']): Setting => ({
  name: `${name}Enabled`,
  keyword,
  usual,
  shape: 'bool',
  flag: name,
})
const power = (name: string, keyword: string, usual: string | undefined): Setting => ({
  name,
  keyword,
  usual: () => usual,
  shape: 'power',
  flag: name,
})
const number = (name: string, keyword: string, usual: string): Setting => ({
  name,
  keyword,
  usual: always(usual),
  shape: 'number',
})

/** A virtual adapter coalesces by its switch, a desktop's network card does not at all. */
const coalesces = (one: InterfaceView): string => (isVirtual(one) ? '1' : '0')

const wide = (names: readonly string[], width: number): Column[] => names.map((name) => col(name, width))

export const FEATURES: readonly Feature[] = [
  {
    noun: 'ChecksumOffload',
    what: 'checksum offload settings',
    settings: [
      checksum('IpIPv4', '*IPChecksumOffloadIPv4'),
      checksum('TcpIPv4', '*TCPChecksumOffloadIPv4'),
      checksum('TcpIPv6', '*TCPChecksumOffloadIPv6'),
      checksum('UdpIPv4', '*UDPChecksumOffloadIPv4'),
      checksum('UdpIPv6', '*UDPChecksumOffloadIPv6'),
    ],
    columns: wide(['IpIPv4Enabled', 'TcpIPv4Enabled', 'TcpIPv6Enabled', 'UdpIPv4Enabled', 'UdpIPv6Enabled'], 15),
  },
  {
    noun: 'Lso',
    what: 'large send offload properties',
    settings: [
      { name: 'V1IPv4Enabled', keyword: '*LsoV1IPv4', usual: always('0'), shape: 'bool' },
      family('IPv4', '*LsoV2IPv4', always('1')),
      family('IPv6', '*LsoV2IPv6', always('1')),
    ],
    more: () => ({ Version: 'LSO Version 2' }),
    columns: [col('Version', 15), col('V1IPv4Enabled', 13), col('IPv4Enabled', 11), col('IPv6Enabled', 11)],
  },
  {
    noun: 'Uso',
    what: 'UDP segmentation offload properties',
    settings: [family('IPv4', '*UsoIPv4', always('1')), family('IPv6', '*UsoIPv6', always('1'))],
    columns: wide(['IPv4Enabled', 'IPv6Enabled'], 11),
  },
  {
    noun: 'Rsc',
    what: 'receive segment coalescing settings',
    settings: [family('IPv4', '*RscIPv4', coalesces), family('IPv6', '*RscIPv6', coalesces)],
    more: (one, value) => ({
      IPv4OperationalState: isVirtual(one) && value('IPv4Enabled') === true,
      IPv6OperationalState: isVirtual(one) && value('IPv6Enabled') === true,
      IPv4FailureReason: !isVirtual(one) ? 'Capability' : value('IPv4Enabled') === true ? 'NoFailure' : 'NicPropertyDisabled',
      IPv6FailureReason: !isVirtual(one) ? 'Capability' : value('IPv6Enabled') === true ? 'NoFailure' : 'NicPropertyDisabled',
    }),
    columns: [
      ...wide(['IPv4Enabled', 'IPv6Enabled'], 11),
      col('IPv4Operational State', 21, { value: 'IPv4OperationalState' }),
      col('IPv6Operational State', 21, { value: 'IPv6OperationalState' }),
      ...wide(['IPv4FailureReason', 'IPv6FailureReason'], 17),
    ],
  },
  {
    noun: 'Rss',
    what: 'receive side scaling properties',
    settings: [
      { name: 'Enabled', keyword: '*RSS', usual: always('1'), shape: 'bool', flag: '' },
      number('NumberOfReceiveQueues', '*NumRssQueues', '2'),
      { name: 'Profile', keyword: '*RSSProfile', usual: always('4'), shape: 'profile' },
      number('BaseProcessorGroup', '*RssBaseProcGroup', '0'),
      number('BaseProcessorNumber', '*RssBaseProcNumber', '0'),
      number('MaxProcessorGroup', '*RssMaxProcGroup', '0'),
      number('MaxProcessorNumber', '*RssMaxProcNumber', '6'),
      number('MaxProcessors', '*MaxRssProcessors', '4'),
      number('NumaNode', '*NumaNodeId', '65535'),
    ],
    more: (_, value) => ({
      BaseProcessor: `${String(value('BaseProcessorGroup'))}:${String(value('BaseProcessorNumber'))}`,
      MaxProcessor: `${String(value('MaxProcessorGroup'))}:${String(value('MaxProcessorNumber'))}`,
    }),
    columns: [],
  },
  {
    noun: 'PowerManagement',
    what: 'power management settings',
    physical: true,
    settings: [
      power('ArpOffload', '*PMARPOffload', '1'),
      power('NSOffload', '*PMNSOffload', '1'),
      power('RsnRekeyOffload', '*PMWiFiRekeyOffload', undefined),
      power('D0PacketCoalescing', '*PacketCoalescing', undefined),
      power('SelectiveSuspend', '*SelectiveSuspend', undefined),
      power('DeviceSleepOnDisconnect', '*DeviceSleepOnDisconnect', '0'),
      power('WakeOnMagicPacket', '*WakeOnMagicPacket', '1'),
      power('WakeOnPattern', '*WakeOnPattern', '1'),
    ],
    columns: [],
  },
]

export const featureClass = (noun: string): string => `MSFT_NetAdapter${noun}SettingData`

/** A registry value as people read it. */
export function shownValue({ shape }: Setting, value: string | undefined): PsValue {
  switch (shape) {
    case 'bool':
      return value === '1'
    case 'direction':
      return DIRECTIONS[Number(value)] ?? 'Disabled'
    case 'power':
      return value === undefined ? 'Unsupported' : value === '1' ? 'Enabled' : 'Disabled'
    case 'profile':
      return PROFILES[Number(value)] ?? 'NUMAStatic'
    case 'number':
      return Number(value)
    default:
      return shape satisfies never
  }
}

/** Features that neither the adapters of such a computer nor the lab have: nothing is listed, and there is nothing to change. */
export const ABSENT: readonly (readonly [noun: string, what: string])[] = [
  ['Vmq', 'virtual machine queue properties'],
  ['Sriov', 'single-root I/O virtualization (SR-IOV) properties'],
  ['Rdma', 'remote direct memory access (RDMA) properties'],
  ['Qos', 'quality of service (QoS) properties'],
  ['VmqQueue', 'virtual machine queues'],
  ['SriovVf', 'SR-IOV virtual functions'],
  ['VPort', 'virtual ports'],
  ['IPsecOffload', 'IPsec task offload settings'],
  ['EncapsulatedPacketTaskOffload', 'encapsulated packet task offload properties'],
  ['DataPathConfiguration', 'data path configuration'],
]
