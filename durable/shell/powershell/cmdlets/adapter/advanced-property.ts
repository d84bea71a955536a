// Advanced properties of an adapter: what its driver lets people set (fact sheet 2.4).
import type { InterfaceView } from '../../../../engine/machine/views.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chosenOf, cim, systemError } from '../cim.ts'
import { adapters } from '../get-net-adapter.ts'
import { netOf } from '../windows-net.ts'

const CLASS = 'MSFT_NetAdapterAdvancedPropertySettingData'

type Property = {
  readonly keyword: string
  readonly name: string
  readonly usual: string
  /** Registry value and what people read; empty: any text. */
  readonly values: readonly (readonly [value: string, shown: string])[]
  readonly on: 'physical' | 'virtual' | 'all'
}

const onOff = [
  ['0', 'Disabled'],
  ['1', 'Enabled'],
] as const
const offloads = [
  ['0', 'Disabled'],
  ['1', 'Tx Enabled'],
  ['2', 'Rx Enabled'],
  ['3', 'Rx & Tx Enabled'],
] as const

const PROPERTIES: readonly Property[] = [
  { keyword: '*FlowControl', name: 'Flow Control', usual: '3', values: offloads, on: 'physical' },
  {
    keyword: '*InterruptModeration',
    name: 'Interrupt Moderation',
    usual: '1',
    values: onOff,
    on: 'physical',
  },
  {
    keyword: '*JumboPacket',
    name: 'Jumbo Packet',
    usual: '1514',
    values: [
      ['1514', 'Disabled'],
      ['4088', '4088 Bytes'],
      ['9014', '9014 Bytes'],
    ],
    on: 'all',
  },
  { keyword: '*LsoV2IPv4', name: 'Large Send Offload V2 (IPv4)', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*LsoV2IPv4', name: 'Large Send Offload Version 2 (IPv4)', usual: '1', values: onOff, on: 'virtual' },
  { keyword: '*LsoV2IPv6', name: 'Large Send Offload V2 (IPv6)', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*LsoV2IPv6', name: 'Large Send Offload Version 2 (IPv6)', usual: '1', values: onOff, on: 'virtual' },
  { keyword: 'NetworkAddress', name: 'Locally Administered Address', usual: '--', values: [], on: 'physical' },
  { keyword: 'NetworkAddress', name: 'Network Address', usual: '--', values: [], on: 'virtual' },
  {
    keyword: '*PriorityVLANTag',
    name: 'Packet Priority & VLAN',
    usual: '3',
    values: [
      ['0', 'Packet Priority & VLAN Disabled'],
      ['1', 'Packet Priority Enabled'],
      ['2', 'VLAN Enabled'],
      ['3', 'Packet Priority & VLAN Enabled'],
    ],
    on: 'physical',
  },
  { keyword: '*ReceiveBuffers', name: 'Receive Buffers', usual: '256', values: [], on: 'physical' },
  { keyword: '*RSS', name: 'Receive Side Scaling', usual: '1', values: onOff, on: 'all' },
  {
    keyword: '*SpeedDuplex',
    name: 'Speed & Duplex',
    usual: '0',
    values: [
      ['0', 'Auto Negotiation'],
      ['4', '100 Mbps Full Duplex'],
      ['6', '1.0 Gbps Full Duplex'],
    ],
    on: 'physical',
  },
  { keyword: '*TCPChecksumOffloadIPv4', name: 'TCP Checksum Offload (IPv4)', usual: '3', values: offloads, on: 'all' },
  { keyword: '*TransmitBuffers', name: 'Transmit Buffers', usual: '512', values: [], on: 'physical' },
  { keyword: '*UDPChecksumOffloadIPv4', name: 'UDP Checksum Offload (IPv4)', usual: '3', values: offloads, on: 'all' },
  { keyword: 'VlanID', name: 'VLAN ID', usual: '0', values: [], on: 'physical' },
  { keyword: '*WakeOnMagicPacket', name: 'Wake on Magic Packet', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*WakeOnPattern', name: 'Wake on Pattern Match', usual: '1', values: onOff, on: 'physical' },
]

/** Whatever else is set is kept and shown: these change what the adapter does on the wire, and that is not simulated. */
const UNSIMULATED = new Set(['VlanID', '*JumboPacket', '*SpeedDuplex'])

const propertiesOf = ({ kind }: InterfaceView): Property[] =>
  PROPERTIES.filter(({ on }) => on === 'all' || on === (kind === 'virtual' ? 'virtual' : 'physical'))

function objects(call: Call): PsObject[] {
  const details = netOf(call).adapterDetails()
  return adapters(call.kernel).flatMap((one) => {
    const set = details.find(({ index }) => index === one.index)?.properties ?? {}
    return propertiesOf(one).map(({ keyword, name, usual, values }) => {
      const value = set[keyword] ?? usual
      return cim(CLASS, {
        Name: one.name,
        InterfaceDescription: one.description,
        DisplayName: name,
        DisplayValue: values.find(([number]) => number === value)?.[1] ?? value,
        DefaultDisplayValue: values.find(([number]) => number === usual)?.[1] ?? usual,
        ValidDisplayValues: values.map(([, shown]) => shown),
        RegistryKeyword: keyword,
        RegistryValue: [value],
        ValidRegistryValues: values.map(([number]) => number),
        DefaultRegistryValue: usual,
        InterfaceIndex: one.index,
        ifAlias: one.name,
        InterfaceAlias: one.name,
      })
    })
  })
}

const filters = {
  Name: 'Name',
  InterfaceDescription: 'InterfaceDescription',
  DisplayName: 'DisplayName',
  RegistryKeyword: 'RegistryKeyword',
} as const
const selecting = [...Object.keys(filters), 'IncludeHidden']

const chosen = (call: Call, bound: Bound): PsObject[] =>
  chosenOf(call, bound, CLASS, objects(call), filters, 'query', ['InterfaceIndex', 'RegistryKeyword'])

function* change(call: Call, bound: Bound, valueFor: (one: PsObject) => string | null | undefined) {
  for (const one of chosen(call, bound)) {
    const value = valueFor(one)
    if (value === undefined) {
      call.error(systemError('The parameter is incorrect. ', 87, `${CLASS}:String`))
      continue
    }
    const index = Number(property(one, 'InterfaceIndex'))
    const keyword = text(property(one, 'RegistryKeyword') ?? '')
    const usual = text(property(one, 'DefaultRegistryValue') ?? '')
    if (UNSIMULATED.has(keyword) && value !== null && value !== usual)
      throw new NotSimulated(
        `Set-NetAdapterAdvancedProperty: another value of "${text(property(one, 'DisplayName') ?? '')}" is real, but it is not simulated here yet.`,
      )
    const done =
      keyword === 'NetworkAddress'
        ? netOf(call).setAdapterMac(
            index,
            value === null || value === '--' ? '' : (value.replace(/[-:.]/g, '').match(/../g) ?? []).join(':'),
          )
        : netOf(call).setAdapterProperty(index, keyword, value)
    if (done.ok && keyword === 'NetworkAddress') netOf(call).setAdapterProperty(index, keyword, value)
    if (!done.ok) call.error(systemError('The parameter is incorrect. ', 87, `${CLASS}:String`))
    else if (bound.flag('PassThru'))
      for (const now of objects(call))
        if (property(now, 'InterfaceIndex') === index && property(now, 'RegistryKeyword') === keyword) yield* call.emit(now)
  }
}

const classes = { InputObject: CLASS } as const

export const advancedPropertyCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'Get-NetAdapterAdvancedProperty',
      module: 'NetAdapter',
      synopsis: 'Gets the advanced properties for a network adapter.',
      supports: selecting,
      defaultSet: 'ByName',
    },
    function* (call, bound) {
      for (const one of chosen(call, bound)) yield* call.emit(one)
    },
  ),
  cmdlet(
    {
      name: 'Set-NetAdapterAdvancedProperty',
      module: 'NetAdapter',
      synopsis: 'Sets the advanced properties of a network adapter.',
      supports: [...selecting, 'DisplayValue', 'RegistryValue', 'InputObject', 'PassThru', 'Confirm'],
      classes,
      defaultSet: 'ByName',
    },
    (call, bound) =>
      change(call, bound, (one) => {
        const [raw] = bound.texts('RegistryValue')
        const numbers = property(one, 'ValidRegistryValues')
        const shown = property(one, 'ValidDisplayValues')
        const values = Array.isArray(numbers) ? numbers.map((value) => text(value)) : []
        const words = Array.isArray(shown) ? shown.map((value) => text(value).toLowerCase()) : []
        if (raw !== undefined) return values.length === 0 || values.includes(raw) ? raw : undefined
        const word = bound.text('DisplayValue')
        if (word === undefined) return text(property(one, 'DefaultRegistryValue') ?? '')
        return values.length === 0 ? word : values[words.indexOf(word.toLowerCase())]
      }),
  ),
  cmdlet(
    {
      name: 'Reset-NetAdapterAdvancedProperty',
      module: 'NetAdapter',
      synopsis: 'Resets the advanced properties of a network adapter to the factory default values.',
      supports: ['Name', 'InterfaceDescription', 'DisplayName', 'IncludeHidden', 'InputObject', 'PassThru', 'Confirm'],
      classes,
      defaultSet: 'ByName',
    },
    (call, bound) => change(call, bound, () => null),
  ),
]
