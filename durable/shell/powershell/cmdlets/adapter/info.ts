// What can be looked at of an adapter: its counters, and what its driver says (fact sheet 2.4).
import type { InterfaceView } from '../../../../engine/machine/views.ts'
import type { AdapterView } from '../../../../engine/machine/windows/adapter-calls.ts'
import { type Cmdlet, cmdlet } from '../../cmdlet.ts'
import type { PsValue } from '../../values/value.ts'
import { cim, select } from '../cim.ts'
import { adapters } from '../get-net-adapter.ts'
import { netOf } from '../windows-net.ts'

type Shape = {
  readonly noun: string
  readonly className: string
  readonly synopsis: string
  /** Only physical adapters have it. */
  readonly physical?: boolean
  readonly props: (one: InterfaceView, detail: AdapterView | undefined) => Record<string, PsValue>
}

const both = { IPv4: true, IPv6: true } as const

export const infoShapes: readonly Shape[] = [
  {
    noun: 'Statistics',
    className: 'MSFT_NetAdapterStatisticsSettingData',
    synopsis: 'Gets networking statistics from the network adapter.',
    props: ({ counters }, detail) => ({
      ReceivedBytes: counters.receivedBytes,
      ReceivedUnicastPackets: counters.receivedPackets - (detail?.receivedGroup ?? 0),
      ReceivedMulticastPackets: detail?.receivedGroup ?? 0,
      ReceivedDiscardedPackets: detail?.receivedDropped ?? 0,
      ReceivedPacketErrors: detail?.receivedErrors ?? 0,
      SentBytes: counters.sentBytes,
      SentUnicastPackets: counters.sentPackets,
      OutboundDiscardedPackets: detail?.sentDropped ?? 0,
      OutboundPacketErrors: detail?.sentErrors ?? 0,
    }),
  },
  {
    noun: 'HardwareInfo',
    className: 'MSFT_NetAdapterHardwareInfoSettingData',
    synopsis: 'Gets the hardware information for the network adapter.',
    physical: true,
    props: ({ index }) => ({
      Segment: 0,
      Bus: 0,
      Device: index % 32,
      Function: index % 8 === 7 ? 6 : 0,
      Slot: null,
      NumaNode: null,
      PcieLinkSpeed: 'Unknown',
      PcieLinkWidth: null,
      Version: null,
    }),
  },
  {
    noun: 'Rss',
    className: 'MSFT_NetAdapterRssSettingData',
    synopsis: 'Gets receive side scaling properties of the network adapter.',
    props: () => ({
      Enabled: true,
      NumberOfReceiveQueues: 2,
      Profile: 'NUMAStatic',
      BaseProcessor: '0:0',
      MaxProcessor: '0:6',
      MaxProcessors: 4,
    }),
  },
  {
    noun: 'Rsc',
    className: 'MSFT_NetAdapterRscSettingData',
    synopsis: 'Gets the receive segment coalescing settings for the network adapter.',
    props: ({ kind }) => ({
      IPv4Enabled: kind === 'virtual',
      IPv6Enabled: kind === 'virtual',
      IPv4OperationalState: kind === 'virtual',
      IPv6OperationalState: kind === 'virtual',
      IPv4FailureReason: kind === 'virtual' ? 'NoFailure' : 'Capability',
      IPv6FailureReason: kind === 'virtual' ? 'NoFailure' : 'Capability',
    }),
  },
  {
    noun: 'Lso',
    className: 'MSFT_NetAdapterLsoSettingData',
    synopsis: 'Gets the large send offload properties from the network adapter.',
    props: () => ({ Version: 'LSO Version 2', V1IPv4Enabled: false, IPv4Enabled: both.IPv4, IPv6Enabled: both.IPv6 }),
  },
  {
    noun: 'ChecksumOffload',
    className: 'MSFT_NetAdapterChecksumOffloadSettingData',
    synopsis: 'Gets checksum offload settings from the network adapter.',
    props: () => ({
      IpIPv4Enabled: 'RxTxEnabled',
      TcpIPv4Enabled: 'RxTxEnabled',
      TcpIPv6Enabled: 'RxTxEnabled',
      UdpIPv4Enabled: 'RxTxEnabled',
      UdpIPv6Enabled: 'RxTxEnabled',
    }),
  },
  {
    noun: 'PowerManagement',
    className: 'MSFT_NetAdapterPowerManagementSettingData',
    synopsis: 'Gets power management settings from the network adapter.',
    physical: true,
    props: () => ({
      ArpOffload: 'Enabled',
      NSOffload: 'Enabled',
      RsnRekeyOffload: 'Unsupported',
      D0PacketCoalescing: 'Unsupported',
      SelectiveSuspend: 'Unsupported',
      DeviceSleepOnDisconnect: 'Disabled',
      WakeOnMagicPacket: 'Enabled',
      WakeOnPattern: 'Enabled',
    }),
  },
]

/** Features that neither the adapters of such a computer nor the lab have: nothing is listed. */
const absent: readonly (readonly [noun: string, what: string])[] = [
  ['Vmq', 'the virtual machine queue properties'],
  ['Sriov', 'the single-root I/O virtualization (SR-IOV) properties'],
  ['Rdma', 'the remote direct memory access (RDMA) properties'],
  ['Qos', 'the quality of service (QoS) properties'],
  ['VmqQueue', 'the virtual machine queues'],
  ['SriovVf', 'the SR-IOV virtual functions'],
]

const filters = { Name: 'Name', InterfaceDescription: 'InterfaceDescription' } as const
const shared = {
  module: 'NetAdapter',
  supports: ['Name', 'InterfaceDescription', 'IncludeHidden'],
  defaultSet: 'ByName',
} as const

export const adapterInfoCmdlets: readonly Cmdlet[] = [
  ...infoShapes.map(({ noun, className, synopsis, physical, props }) =>
    cmdlet({ ...shared, name: `Get-NetAdapter${noun}`, synopsis }, (call, bound) => {
      const details = netOf(call).adapterDetails()
      const all = adapters(call.kernel).filter(({ kind }) => !physical || kind !== 'virtual')
      const objects = all.map((one) =>
        cim(className, {
          Name: one.name,
          InterfaceDescription: one.description,
          ifAlias: one.name,
          InterfaceAlias: one.name,
          ...props(
            one,
            details.find(({ index }) => index === one.index),
          ),
        }),
      )
      return select(call, bound, className, objects, filters, 'key')
    }),
  ),
  ...absent.map(([noun, what]) =>
    cmdlet({ ...shared, name: `Get-NetAdapter${noun}`, synopsis: `Gets ${what} of the network adapter.` }, (call, bound) =>
      select(call, bound, `MSFT_NetAdapter${noun}SettingData`, [], filters, 'key'),
    ),
  ),
]
