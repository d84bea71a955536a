// WinNAT (fact sheet 2.6, 2.11, 4.7). The Default Switch's translation is not WinNAT's and is not listed.
import type { HyperVCalls, Outcome } from '../../../engine/machine/kernel.ts'
import type { NatMappingView, NetNatView } from '../../../engine/machine/views.ts'
import { inPrefix, parseCidr, parseIp } from '../../../engine/wire/addresses.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chooseFrom, cim, select, systemError, unconfirmed } from './cim.ts'

const NAT = 'MSFT_NetNat:root/standardcimv2/MSFT_NetNat'
const MAPPING = 'MSFT_NetNatStaticMapping:root/standardcimv2/MSFT_NetNatStaticMapping'

function nats(call: Call): HyperVCalls {
  if (call.kernel.hyperV === undefined)
    throw new NotSimulated('WinNAT without Hyper-V is real, but it is not simulated here yet.')
  return call.kernel.hyperV
}

const refusal = (done: Outcome & { ok: false }, target: string): Fault => {
  switch (done.error) {
    case 'exists':
      return systemError('Cannot create a file when that file already exists. ', 183, target)
    case 'in-use':
      return systemError('The process cannot access the file because it is being used by another process. ', 32, target)
    case 'not-found':
      return systemError('The system cannot find the file specified. ', 2, target)
    default:
      return systemError('The parameter is incorrect. ', 87, target)
  }
}

const natObject = ({ name, prefix }: NetNatView): PsObject =>
  cim('MSFT_NetNat', {
    Name: name,
    ExternalIPInterfaceAddressPrefix: null,
    InternalIPInterfaceAddressPrefix: prefix,
    IcmpQueryTimeout: 30,
    TcpEstablishedConnectionTimeout: 1800,
    TcpTransientConnectionTimeout: 120,
    TcpFilteringBehavior: 'AddressDependentFiltering',
    UdpFilteringBehavior: 'AddressDependentFiltering',
    UdpIdleSessionTimeout: 120,
    UdpInboundRefresh: false,
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
    supports: ['Name', 'InternalIPInterfaceAddressPrefix', 'Confirm'],
  },
  function* (call, bound) {
    const name = bound.text('Name') ?? ''
    const done = nats(call).newNetNat(name, bound.text('InternalIPInterfaceAddressPrefix') ?? '')
    if (!done.ok) return call.error(refusal(done, NAT))
    const made = nats(call)
      .netNats()
      .find((one) => one.name === name)
    if (made) yield* call.emit(natObject(made))
  },
)

const chosen = (
  call: Call,
  bound: Bound,
  className: string,
  all: PsObject[],
  filters: Readonly<Record<string, string>>,
): PsObject[] =>
  bound.has('InputObject') ? (bound.list('InputObject') as PsObject[]) : chooseFrom(call, bound, className, all, filters, 'key')

export const removeNetNat = cmdlet(
  {
    name: 'Remove-NetNat',
    module: 'NetNat',
    synopsis: 'Removes NAT objects.',
    supports: ['Name', 'InputObject', 'Confirm'],
    classes: { InputObject: 'MSFT_NetNat' },
    defaultSet: 'Query',
  },
  (call, bound) => {
    const found = chosen(call, bound, 'MSFT_NetNat', objects(call), { Name: 'Name' })
    if (found.length > 0) unconfirmed(call, bound, 'Remove-NetNat')
    for (const one of found) {
      const done = nats(call).removeNetNat(text(property(one, 'Name') ?? ''))
      if (!done.ok) call.error(refusal(done, NAT))
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
    supports: ['NatName', 'StaticMappingID', 'InputObject', 'Confirm'],
    classes: { InputObject: 'MSFT_NetNatStaticMapping' },
    defaultSet: 'Query',
  },
  (call, bound) => {
    const filters = { NatName: 'NatName', StaticMappingID: 'StaticMappingID' }
    const found = chosen(call, bound, 'MSFT_NetNatStaticMapping', mappings(call), filters)
    if (found.length > 0) unconfirmed(call, bound, 'Remove-NetNatStaticMapping')
    for (const one of found) {
      const done = nats(call).removeNatMapping(Number(property(one, 'StaticMappingID') ?? -1))
      if (!done.ok) call.error(refusal(done, MAPPING))
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
