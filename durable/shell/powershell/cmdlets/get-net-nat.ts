// WinNAT (fact sheet 2.6, 2.11, 4.7). The Default Switch's translation is not WinNAT's and is not listed.
import type { HyperVCalls } from '../../../engine/machine/kernel.ts'
import type { NatMappingView, NatSettings, NetNatView } from '../../../engine/machine/views.ts'
import { inPrefix, parseCidr, parseIp } from '../../../engine/wire/addresses.ts'
import { type Call, cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, type PsValue, property } from '../values/value.ts'
import { chosenOf, cim, classTarget, refusal, select, warnKept } from './cim.ts'
import { netOf } from './windows-net.ts'

const NAT = classTarget('MSFT_NetNat')
const MAPPING = classTarget('MSFT_NetNatStaticMapping')

function nats(call: Call): HyperVCalls {
  if (call.kernel.hyperV === undefined)
    throw new NotSimulated('WinNAT without Hyper-V is real, but it is not simulated here yet.')
  return call.kernel.hyperV
}

const natObject = ({ name, prefix, external, ...settings }: NetNatView): PsObject =>
  cim('MSFT_NetNat', {
    Name: name,
    ExternalIPInterfaceAddressPrefix: external === '' ? null : external,
    InternalIPInterfaceAddressPrefix: prefix,
    IcmpQueryTimeout: settings.IcmpQueryTimeout,
    TcpEstablishedConnectionTimeout: settings.TcpEstablishedConnectionTimeout,
    TcpTransientConnectionTimeout: settings.TcpTransientConnectionTimeout,
    TcpFilteringBehavior: settings.TcpFilteringBehavior,
    UdpFilteringBehavior: settings.UdpFilteringBehavior,
    UdpIdleSessionTimeout: settings.UdpIdleSessionTimeout,
    UdpInboundRefresh: settings.UdpInboundRefresh,
    Store: 'Local',
    Active: true,
  })

const mappingObject = (one: NatMappingView): PsObject =>
  cim('MSFT_NetNatStaticMapping', {
    StaticMappingID: one.id,
    NatName: one.nat,
    Protocol: one.protocol,
    RemoteExternalIPAddressPrefix: one.remotePrefix,
    ExternalIPAddress: one.externalAddress,
    ExternalPort: one.externalPort,
    InternalIPAddress: one.internalAddress,
    InternalPort: one.internalPort,
    InternalRoutingDomainId: '{00000000-0000-0000-0000-000000000000}',
    Active: true,
  })

const objects = (call: Call): PsObject[] => nats(call).netNats().map(natObject)
const mappings = (call: Call): PsObject[] => nats(call).natMappings().map(mappingObject)

export const getNetNat = cmdlet(
  { name: 'Get-NetNat', module: 'NetNat', synopsis: 'Gets NAT objects.', supports: ['Name'] },
  (call, bound) => select(call, bound, 'MSFT_NetNat', objects(call), { Name: 'Name' }, 'key'),
)

export const newNetNat = cmdlet(
  {
    name: 'New-NetNat',
    module: 'NetNat',
    synopsis: 'Creates a NAT object.',
    supports: ['Name', 'InternalIPInterfaceAddressPrefix', 'ExternalIPInterfaceAddressPrefix', 'Confirm'],
  },
  function* (call, bound) {
    const name = bound.text('Name') ?? ''
    const done = nats(call).newNetNat(
      name,
      bound.text('InternalIPInterfaceAddressPrefix') ?? '',
      bound.text('ExternalIPInterfaceAddressPrefix') ?? '',
    )
    if (!done.ok) return call.error(refusal(done, NAT))
    const made = nats(call)
      .netNats()
      .find((one) => one.name === name)
    if (made) yield* call.emit(natObject(made))
  },
)

export const removeNetNat = cmdlet(
  {
    name: 'Remove-NetNat',
    module: 'NetNat',
    synopsis: 'Removes NAT objects.',
    supports: ['Name', 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: 'MSFT_NetNat' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const found = chosenOf(call, bound, 'MSFT_NetNat', objects(call), { Name: 'Name' }, 'key')
    for (const one of found) {
      const done = nats(call).removeNetNat(text(property(one, 'Name') ?? ''))
      if (!done.ok) call.error(refusal(done, NAT))
      else if (shows) yield* call.emit(one)
    }
  },
)

export const getNetNatStaticMapping = cmdlet(
  { name: 'Get-NetNatStaticMapping', module: 'NetNat', synopsis: 'Gets static mappings of a NAT.', supports: ['NatName'] },
  (call, bound) => select(call, bound, 'MSFT_NetNatStaticMapping', mappings(call), { NatName: 'NatName' }, 'key'),
)

export const addNetNatStaticMapping = cmdlet(
  {
    name: 'Add-NetNatStaticMapping',
    module: 'NetNat',
    synopsis: 'Adds a static mapping to a NAT.',
    supports: [
      'NatName',
      'Protocol',
      'ExternalIPAddress',
      'ExternalPort',
      'InternalIPAddress',
      'InternalPort',
      'RemoteExternalIPAddressPrefix',
      'Confirm',
    ],
  },
  function* (call, bound) {
    const externalPort = bound.number('ExternalPort') ?? 0
    const done = nats(call).addNatMapping(bound.text('NatName') ?? '', {
      protocol: bound.text('Protocol') === 'UDP' ? 'UDP' : 'TCP',
      // `0.0.0.0/24` is taken, too.
      externalAddress: (bound.text('ExternalIPAddress') ?? '').replace(/\/\d+$/, ''),
      externalPort,
      internalAddress: bound.text('InternalIPAddress') ?? '',
      internalPort: bound.number('InternalPort') ?? externalPort,
      remotePrefix: bound.text('RemoteExternalIPAddressPrefix') ?? '0.0.0.0/0',
    })
    if (!done.ok) return call.error(refusal(done, MAPPING))
    const made = nats(call)
      .natMappings()
      .find(({ id }) => id === done.value)
    if (made) yield* call.emit(mappingObject(made))
  },
)

export const removeNetNatStaticMapping = cmdlet(
  {
    name: 'Remove-NetNatStaticMapping',
    module: 'NetNat',
    synopsis: 'Removes static mappings of a NAT.',
    supports: ['NatName', 'StaticMappingID', 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: 'MSFT_NetNatStaticMapping' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const filters = { NatName: 'NatName', StaticMappingID: 'StaticMappingID' }
    const found = chosenOf(call, bound, 'MSFT_NetNatStaticMapping', mappings(call), filters, 'key')
    for (const one of found) {
      const done = nats(call).removeNatMapping(Number(property(one, 'StaticMappingID') ?? -1))
      if (!done.ok) call.error(refusal(done, MAPPING))
      else if (shows) yield* call.emit(one)
    }
  },
)

function inside(address: string, prefix: string): boolean {
  const [ip, network] = [parseIp(address), parseCidr(prefix)]
  return ip !== undefined && network !== undefined && inPrefix(ip, network.address, network.prefixLength)
}

export const getNetNatSession = cmdlet(
  { name: 'Get-NetNatSession', module: 'NetNat', synopsis: 'Gets the sessions of NATs.', supports: [] },
  function* (call) {
    for (const one of call.kernel.natSessions()) {
      const nat = nats(call)
        .netNats()
        .find(({ prefix }) => inside(one.inside, prefix))
      if (!nat) continue
      yield* call.emit(
        cim('MSFT_NetNatSession', {
          NatName: nat.name,
          InternalRoutingDomainId: '{00000000-0000-0000-0000-000000000000}',
          CreationTime: one.since == null ? null : { kind: 'date', micros: wallTime(call, one.since) },
          Protocol: one.protocol,
          InternalSourceAddress: one.inside,
          InternalSourcePort: one.insidePort,
          InternalDestinationAddress: one.remote,
          InternalDestinationPort: one.remotePort,
          ExternalSourceAddress: one.outside,
          ExternalSourcePort: one.outsidePort,
          ExternalDestinationAddress: one.remote,
          ExternalDestinationPort: one.remotePort,
        }),
      )
    }
  },
)

const wallTime = (call: Call, at: number): number => {
  const { epochMicros, zoneMinutes } = call.kernel.clock()
  return epochMicros + at + zoneMinutes * 60_000_000
}

export const setNetNat = cmdlet(
  {
    name: 'Set-NetNat',
    module: 'NetNat',
    synopsis: 'Modifies the configuration of NAT objects.',
    supports: [
      'Name',
      'InputObject',
      'IcmpQueryTimeout',
      'TcpEstablishedConnectionTimeout',
      'TcpTransientConnectionTimeout',
      'TcpFilteringBehavior',
      'UdpFilteringBehavior',
      'UdpIdleSessionTimeout',
      'UdpInboundRefresh',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetNat' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const change: Record<string, string | number | boolean> = {}
    for (const name of [
      'IcmpQueryTimeout',
      'TcpEstablishedConnectionTimeout',
      'TcpTransientConnectionTimeout',
      'UdpIdleSessionTimeout',
    ])
      if (bound.has(name)) change[name] = bound.number(name) ?? 0
    for (const name of ['TcpFilteringBehavior', 'UdpFilteringBehavior'])
      if (bound.has(name)) change[name] = bound.text(name) ?? ''
    if (bound.has('UdpInboundRefresh')) change.UdpInboundRefresh = bound.text('UdpInboundRefresh') === 'True'
    const shows = bound.flag('PassThru')
    for (const one of chosenOf(call, bound, 'MSFT_NetNat', objects(call), { Name: 'Name' }, 'key')) {
      const name = text(property(one, 'Name') ?? '')
      const done = nats(call).setNetNat(name, change as Partial<NatSettings>)
      if (!done.ok) call.error(refusal(done, NAT))
      else if (shows) for (const now of objects(call)) if (property(now, 'Name') === name) yield* call.emit(now)
    }
  },
)

const EXTERNAL = 'MSFT_NetNatExternalAddress'
const externals = (call: Call): PsObject[] =>
  nats(call)
    .natExternalAddresses()
    .map(({ id, nat, address }) =>
      cim(EXTERNAL, {
        ExternalAddressID: id,
        NatName: nat,
        IPAddress: address,
        PortStart: 0,
        PortEnd: 65535,
        Active: true,
      }),
    )

export const getNetNatExternalAddress = cmdlet(
  {
    name: 'Get-NetNatExternalAddress',
    module: 'NetNat',
    synopsis: 'Gets external addresses of NAT objects.',
    supports: ['NatName'],
  },
  (call, bound) => select(call, bound, EXTERNAL, externals(call), { NatName: 'NatName' }, 'key'),
)

export const addNetNatExternalAddress = cmdlet(
  {
    name: 'Add-NetNatExternalAddress',
    module: 'NetNat',
    synopsis: 'Adds an external address to a NAT object.',
    supports: ['NatName', 'IPAddress', 'Confirm'],
  },
  function* (call, bound) {
    const done = nats(call).addNatExternalAddress(bound.text('NatName') ?? '', bound.text('IPAddress') ?? '')
    if (!done.ok) return call.error(refusal(done, classTarget(EXTERNAL)))
    for (const one of externals(call)) if (property(one, 'ExternalAddressID') === done.value) yield* call.emit(one)
  },
)

export const removeNetNatExternalAddress = cmdlet(
  {
    name: 'Remove-NetNatExternalAddress',
    module: 'NetNat',
    synopsis: 'Removes external addresses of NAT objects.',
    supports: ['NatName', 'ExternalAddressID', 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: EXTERNAL },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const filters = { NatName: 'NatName', ExternalAddressID: 'ExternalAddressID' }
    for (const one of chosenOf(call, bound, EXTERNAL, externals(call), filters, 'key')) {
      const done = nats(call).removeNatExternalAddress(Number(property(one, 'ExternalAddressID') ?? -1))
      if (!done.ok) call.error(refusal(done, classTarget(EXTERNAL)))
      else if (shows) yield* call.emit(one)
    }
  },
)

const NAT_GLOBAL = 'MSFT_NetNatGlobal'
const MODE = 'InterRoutingDomainHairpinningMode'

const natGlobal = (call: Call): PsObject =>
  cim(NAT_GLOBAL, {
    [MODE]: (call.kernel.windowsNet?.keptItems('NetNatGlobal')[0]?.props[MODE] as PsValue | undefined) ?? 'External',
  })

export const getNetNatGlobal = cmdlet(
  { name: 'Get-NetNatGlobal', module: 'NetNat', synopsis: 'Gets the global configuration of NAT.', supports: [] },
  function* (call) {
    yield* call.emit(natGlobal(call))
  },
)

export const setNetNatGlobal = cmdlet(
  {
    name: 'Set-NetNatGlobal',
    module: 'NetNat',
    synopsis: 'Modifies the global configuration of NAT: it is about routing domains, kept and shown.',
    supports: [MODE, 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: NAT_GLOBAL },
  },
  function* (call, bound) {
    // There is one such object, whether it is given or not.
    bound.has('InputObject')
    const shows = bound.flag('PassThru')
    warnKept(call, bound, [MODE])
    const item = { name: 'global', store: 'PersistentStore', props: { [MODE]: bound.text(MODE) ?? '' } } as const
    const done = netOf(call).putKept('NetNatGlobal', item)
    if (!done.ok) call.error(refusal(done, classTarget(NAT_GLOBAL)))
    else if (shows) yield* call.emit(natGlobal(call))
  },
)
