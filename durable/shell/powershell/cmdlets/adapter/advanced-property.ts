// Advanced properties of an adapter: what its driver lets people set (fact sheet 2.4).
import type { InterfaceView } from '../../../../engine/machine/views.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, refusal, systemError } from '../cim.ts'
import { adapters, netAdapter } from '../get-net-adapter.ts'
import { netOf } from '../windows-net.ts'
import { restartAdapter } from './change.ts'

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
  { keyword: '*IPChecksumOffloadIPv4', name: 'IPv4 Checksum Offload', usual: '3', values: offloads, on: 'all' },
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
  { keyword: '*NumRssQueues', name: 'Maximum Number of RSS Queues', usual: '2', values: [], on: 'physical' },
  { keyword: '*PMARPOffload', name: 'Protocol ARP Offload', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*PMNSOffload', name: 'Protocol NS Offload', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*ReceiveBuffers', name: 'Receive Buffers', usual: '256', values: [], on: 'physical' },
  { keyword: '*RSS', name: 'Receive Side Scaling', usual: '1', values: onOff, on: 'all' },
  { keyword: '*RscIPv4', name: 'Recv Segment Coalescing (IPv4)', usual: '1', values: onOff, on: 'virtual' },
  { keyword: '*RscIPv6', name: 'Recv Segment Coalescing (IPv6)', usual: '1', values: onOff, on: 'virtual' },
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
  { keyword: '*TCPChecksumOffloadIPv6', name: 'TCP Checksum Offload (IPv6)', usual: '3', values: offloads, on: 'all' },
  { keyword: '*TransmitBuffers', name: 'Transmit Buffers', usual: '512', values: [], on: 'physical' },
  { keyword: '*UDPChecksumOffloadIPv4', name: 'UDP Checksum Offload (IPv4)', usual: '3', values: offloads, on: 'all' },
  { keyword: '*UDPChecksumOffloadIPv6', name: 'UDP Checksum Offload (IPv6)', usual: '3', values: offloads, on: 'all' },
  { keyword: '*UsoIPv4', name: 'UDP Segmentation Offload (IPv4)', usual: '1', values: onOff, on: 'all' },
  { keyword: '*UsoIPv6', name: 'UDP Segmentation Offload (IPv6)', usual: '1', values: onOff, on: 'all' },
  { keyword: 'VlanID', name: 'VLAN ID', usual: '0', values: [], on: 'physical' },
  { keyword: '*WakeOnMagicPacket', name: 'Wake on Magic Packet', usual: '1', values: onOff, on: 'physical' },
  { keyword: '*WakeOnPattern', name: 'Wake on Pattern Match', usual: '1', values: onOff, on: 'physical' },
]

/** Whatever else is set is kept and shown: these change what the adapter does on the wire, and that is not simulated. */
const UNSIMULATED = new Set(['VlanID', '*JumboPacket', '*SpeedDuplex'])

const propertiesOf = ({ kind }: InterfaceView): Property[] =>
  PROPERTIES.filter(({ on }) => on === 'all' || on === (kind === 'virtual' ? 'virtual' : 'physical'))

/** What is kept for Windows itself, not for people. */
const isInner = (keyword: string): boolean => keyword.startsWith('@')

/** `all`: with keywords that somebody made, which have no name to show. */
function objects(call: Call, all: boolean): PsObject[] {
  const details = netOf(call).adapterDetails()
  return adapters(call.kernel).flatMap((one) => {
    const set = details.find(({ index }) => index === one.index)?.properties ?? {}
    const own = propertiesOf(one)
    const made = Object.keys(set)
      .filter((keyword) => all && !isInner(keyword) && !own.some((known) => known.keyword === keyword))
      .map((keyword): Property => ({ keyword, name: '', usual: '', values: [], on: 'all' }))
    return [...own, ...made].map(({ keyword, name, usual, values }) => {
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
const selecting = [...Object.keys(filters), 'IncludeHidden', 'AllProperties']

const chosen = (call: Call, bound: Bound): PsObject[] =>
  chosenOf(call, bound, CLASS, objects(call, bound.flag('AllProperties')), filters, 'query', [
    'InterfaceIndex',
    'RegistryKeyword',
  ])

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
    // The driver heeds it when it starts again.
    if (done.ok && !bound.flag('NoRestart') && adapters(call.kernel).some((each) => each.index === index && each.enabled))
      restartAdapter(call, index)
    if (!done.ok) call.error(systemError('The parameter is incorrect. ', 87, `${CLASS}:String`))
    else if (bound.flag('PassThru'))
      for (const now of objects(call, true))
        if (property(now, 'InterfaceIndex') === index && property(now, 'RegistryKeyword') === keyword) yield* call.emit(now)
  }
}

const classes = { InputObject: CLASS } as const
const byAdapter = { Name: 'Name', InterfaceDescription: 'InterfaceDescription' } as const

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
      supports: [...selecting, 'DisplayValue', 'RegistryValue', 'InputObject', 'PassThru', 'NoRestart', 'Confirm'],
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
      supports: [
        'Name',
        'InterfaceDescription',
        'DisplayName',
        'IncludeHidden',
        'InputObject',
        'PassThru',
        'NoRestart',
        'Confirm',
      ],
      classes,
      defaultSet: 'ByName',
    },
    (call, bound) => change(call, bound, () => null),
  ),
  cmdlet(
    {
      name: 'New-NetAdapterAdvancedProperty',
      module: 'NetAdapter',
      synopsis: 'Creates a new advanced property for the network adapter: a value that its driver may read when it starts.',
      supports: [
        'Name',
        'InterfaceDescription',
        'IncludeHidden',
        'RegistryKeyword',
        'RegistryValue',
        'RegistryDataType',
        'NoRestart',
      ],
      defaultSet: 'Name',
    },
    (call, bound) => {
      const keyword = bound.text('RegistryKeyword') ?? ''
      const type = bound.text('RegistryDataType') ?? 'REG_SZ'
      const values = bound.texts('RegistryValue')
      const numeric = type === 'REG_DWORD' || type === 'REG_QWORD'
      const wrong = keyword === '' || isInner(keyword) || (numeric && !values.every((value) => /^\d+$/.test(value)))
      for (const one of chooseFrom(call, bound, 'MSFT_NetAdapter', adapters(call.kernel).map(netAdapter), byAdapter, 'key')) {
        const index = Number(property(one, 'InterfaceIndex'))
        const known = objects(call, true).some(
          (each) =>
            property(each, 'InterfaceIndex') === index &&
            text(property(each, 'RegistryKeyword') ?? '').toLowerCase() === keyword.toLowerCase(),
        )
        if (wrong || known) {
          call.error(refusal({ ok: false, error: known ? 'exists' : 'invalid' }, `${CLASS}:String`))
          continue
        }
        netOf(call).setAdapterProperty(index, keyword, values.join(', '))
        if (!bound.flag('NoRestart')) restartAdapter(call, index)
      }
    },
  ),
  cmdlet(
    {
      name: 'Remove-NetAdapterAdvancedProperty',
      module: 'NetAdapter',
      synopsis:
        'Removes an advanced property that somebody made from the network adapter; those of the driver go back to what is usual.',
      supports: [
        'Name',
        'InterfaceDescription',
        'IncludeHidden',
        'RegistryKeyword',
        'AllProperties',
        'InputObject',
        'PassThru',
        'NoRestart',
      ],
      classes,
      defaultSet: 'ByName',
    },
    (call, bound) => change(call, bound, () => null),
  ),
]
