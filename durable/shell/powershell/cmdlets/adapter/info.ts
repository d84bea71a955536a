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
]
