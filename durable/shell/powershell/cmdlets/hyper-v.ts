// What the Hyper-V cmdlets share: their objects and the ways to name a machine, a switch or an adapter.
import { extendedText } from '../../../engine/link/virtual-port/extended-acl.ts'
import { aclText } from '../../../engine/link/virtual-port/port-acl.ts'
import type { HyperVCalls } from '../../../engine/machine/kernel.ts'
import type { SwitchView, VmAdapterView, VmView } from '../../../engine/machine/views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import type { Bound, Call, Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, type PsValue, property } from '../values/value.ts'

const space = 'Microsoft.HyperV.PowerShell'
export const typed = (...names: readonly string[]): string[] => names.map((name) => `${space}.${name}`)

export function hyperV(call: Call): HyperVCalls {
  if (call.kernel.hyperV === undefined) throw new NotSimulated('Hyper-V is not installed on this computer.')
  managed(call)
  return call.kernel.hyperV
}

/** Everything goes through the management service; virtual machines and their frames do not. */
function managed(call: Call): void {
  const { elevated, hostname } = call.kernel.identity()
  if (!elevated)
    call.fail({
      message: `You do not have the required permission to complete this task. Contact the administrator of the authorization policy for the computer '${hostname}'.`,
      category: 'PermissionDenied',
      exception: 'VirtualizationException',
      id: 'AccessDenied',
    })
  if (call.kernel.windows?.serviceRuns('vmms') !== false) return
  call.fail({
    message: `Hyper-V encountered an error trying to access an object on computer '${call.kernel.identity().hostname}' because the object was not found. The object might have been deleted. Verify that the Virtual Machine Management service on the computer is running.`,
    category: 'ObjectNotFound',
    exception: 'VirtualizationException',
    id: 'ObjectNotFound',
  })
}

/** The properties that every Hyper-V object ends with. */
export const tail = (call: Call): Record<string, PsValue> => ({
  CimSession: 'CimSession: .',
  ComputerName: call.kernel.identity().hostname.toUpperCase(),
  IsDeleted: false,
})

export const refuse = (message: string, target: string, category = 'InvalidArgument', id = 'InvalidParameter'): Fault => ({
  message,
  category,
  target,
  exception: 'VirtualizationException',
  id,
})

/** Those whose name matches; a plain name that matches none is an error. */
export function byNames<T>(
  call: Call,
  items: readonly T[],
  names: readonly string[],
  nameOf: (item: T) => string,
  what: string,
): T[] {
  const found: T[] = []
  for (const name of names) {
    const matches = wildcard(name)
    const some = items.filter((item) => matches(nameOf(item)))
    if (some.length === 0 && !hasWildcard(name))
      call.error(refuse(`Hyper-V was unable to find a ${what} with name "${name}".`, `${name}:String`))
    found.push(...some.filter((item) => !found.includes(item)))
  }
  return found
}

/** Machines by objects (`-VM`), names (`parameter`), or all of them when neither is given. */
export function vmsOf(call: Call, bound: Bound, parameter: string): VmView[] {
  const all = hyperV(call).vms()
  if (bound.has('VM')) {
    const ids = bound.list('VM').map((one) => text(property(one, 'Id') ?? ''))
    return all.filter((vm) => ids.includes(vm.id))
  }
  return bound.has(parameter)
    ? byNames(call, all, bound.texts(parameter), (vm) => vm.name, 'virtual machine')
    : [...all].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

/** What the host hears of the guest, and nothing when the service is off or the machine is. */
function heartbeatOf({ state, services }: VmView): string {
  const service = services.find(({ name }) => name === 'Heartbeat')
  if (state !== 'Running' || !service?.enabled) return state === 'Paused' ? 'Paused' : ''
  return service.answers ? 'OkApplicationsUnknown' : 'NoContact'
}

export function vmObject(call: Call, vm: VmView): PsObject {
  const running = vm.state === 'Running'
  const uptime = running && vm.startedAt !== null ? call.kernel.clock().now - vm.startedAt : 0
  const adapters = hyperV(call)
    .adapters()
    .filter((one) => one.vmId === vm.id)
  return {
    kind: 'object',
    types: typed('VirtualMachine', 'VirtualMachineBase'),
    text: `VirtualMachine (Name = '${vm.name}') [Id = '${vm.id}']`,
    props: new Map<string, PsValue>(
      Object.entries({
        VMName: vm.name,
        VMId: vm.id,
        Id: vm.id,
        Name: vm.name,
        State: vm.state,
        Version: vm.version,
        Notes: vm.notes,
        Generation: vm.generation,
        IsClustered: false,
        CPUUsage: 0,
        MemoryAssigned: vm.state === 'Off' || vm.state === 'Saved' ? 0 : vm.memoryBytes,
        MemoryStartup: vm.startupBytes,
        MemoryMinimum: vm.minimumBytes,
        MemoryMaximum: vm.maximumBytes,
        MemoryDemand: 0,
        MemoryStatus: '',
        DynamicMemoryEnabled: vm.dynamicMemory,
        SmartPagingFileInUse: false,
        Uptime: { kind: 'span', micros: uptime } as PsValue,
        Status: 'Operating normally',
        Heartbeat: heartbeatOf(vm),
        ResourceMeteringEnabled: vm.metering !== null,
        AutomaticCheckpointsEnabled: vm.automaticCheckpoints,
        ParentCheckpointName: vm.parentCheckpoint === '' ? null : vm.parentCheckpoint,
        HardDrives: vm.drives.filter(({ kind }) => kind === 'disk').map(({ path }) => path),
        DVDDrives: vm.drives.filter(({ kind }) => kind === 'dvd').map(({ path }) => path),
        ReplicationState: 'Disabled',
        ProcessorCount: vm.processors,
        Path: vm.path,
        ConfigurationLocation: vm.path,
        NetworkAdapters: adapters.map((one) => one.name),
        AutomaticStartAction: vm.automaticStart,
        AutomaticStartDelay: vm.startDelay,
        AutomaticStopAction: vm.automaticStop,
        CheckpointType: vm.checkpointType,
        ...tail(call),
      }),
    ),
  }
}

const lower = (id: string): string => id.toLowerCase()

export function switchObject(call: Call, one: SwitchView): PsObject {
  const none: PsValue = null
  const props: Record<string, PsValue> = {
    Name: one.name,
    Id: lower(one.id),
    Notes: one.notes,
    Extensions: ['Microsoft Windows Filtering Platform', 'Microsoft Azure VFP Switch Filter Extension', 'Microsoft NDIS Capture'],
    BandwidthReservationMode: one.ics ? 'Absolute' : 'Weight',
    PacketDirectEnabled: false,
    EmbeddedTeamingEnabled: one.team !== undefined,
    IovEnabled: false,
    SwitchType: one.type,
    AllowManagementOS: one.shared,
    NetAdapterInterfaceDescription: one.team ? 'Teamed-Interface' : one.netAdapter,
    NetAdapterInterfaceDescriptions:
      one.team?.members.map(({ description }) => description) ?? (one.netAdapter === '' ? none : [one.netAdapter]),
    NetAdapterInterfaceGuid:
      one.team?.members.map(({ guid }) => guid) ?? (one.netAdapterGuid === '' ? none : [one.netAdapterGuid]),
    IovSupport: false,
    IovSupportReasons: none,
    AvailableIPSecSA: 0,
    NumberIPSecSAAllocated: 0,
    AvailableVMQueues: 0,
    NumberVmqAllocated: 0,
    IovQueuePairCount: 0,
    IovQueuePairsInUse: 0,
    IovVirtualFunctionCount: 0,
    IovVirtualFunctionsInUse: 0,
    PacketDirectInUse: false,
    DefaultQueueVrssEnabledRequested: true,
    DefaultQueueVrssEnabled: false,
    DefaultQueueVmmqEnabledRequested: false,
    DefaultQueueVmmqEnabled: false,
    BandwidthPercentage: 0,
    DefaultFlowMinimumBandwidthAbsolute: 0,
    DefaultFlowMinimumBandwidthWeight: 0,
    ...tail(call),
  }
  return {
    kind: 'object',
    types: typed('VMSwitch'),
    text: `VMSwitch (Name = '${one.name}') [Id = '${lower(one.id)}']`,
    props: new Map(Object.entries(props)),
  }
}

export function adapterObject(call: Call, one: VmAdapterView): PsObject {
  const { settings, running: ok } = one
  const none: PsValue = null
  const on = (state: boolean): PsValue => (state ? 'On' : 'Off')
  const props: Record<string, PsValue> = {
    ClusterMonitored: true,
    MacAddress: one.mac === '' ? '000000000000' : one.mac,
    MediaType: 'Fiber',
    DynamicMacAddressEnabled: one.dynamicMac,
    InterruptModeration: true,
    AllowPacketDirect: false,
    IsLegacy: one.legacy ?? false,
    IsSynthetic: !(one.legacy ?? false),
    IPAddresses: [...one.addresses],
    DeviceNaming: on(one.deviceNaming ?? false),
    IovWeight: 0,
    IovQueuePairsRequested: 1,
    IovInterruptModeration: 'Default',
    PacketDirectNumProcs: 0,
    PacketDirectModerationCount: 0,
    PacketDirectModerationInterval: 0,
    IovQueuePairsAssigned: 0,
    IovUsage: 0,
    VirtualFunction: none,
    MandatoryFeatureId: [],
    MandatoryFeatureName: [],
    PoolName: '',
    Connected: one.connected,
    SwitchName: one.switch,
    AdapterId: '',
    TestReplicaPoolName: '',
    TestReplicaSwitchName: '',
    StatusDescription: ok ? ['OK'] : none,
    Status: ok ? ['Ok'] : none,
    IsManagementOs: one.managementOs,
    IsExternalAdapter: false,
    Id: one.id,
    SwitchId: lower(one.switchId),
    AclList: settings.acl.map(aclText),
    ExtendedAclList: settings.extendedAcl.map(extendedText),
    IsolationSetting: 'Microsoft.HyperV.PowerShell.VMNetworkAdapterIsolationSetting',
    RoutingDomainList: [],
    VlanSetting: 'Microsoft.HyperV.PowerShell.VMNetworkAdapterVlanSetting',
    BandwidthSetting: settings.maximumBandwidth > 0 ? 'Microsoft.HyperV.PowerShell.VMNetworkAdapterBandwidthSetting' : none,
    CurrentIsolationMode: 'Vlan',
    MacAddressSpoofing: on(settings.macAddressSpoofing),
    DhcpGuard: on(settings.dhcpGuard),
    RouterGuard: on(settings.routerGuard),
    PortMirroringMode: settings.portMirroring,
    IeeePriorityTag: on(false),
    VirtualSubnetId: settings.virtualSubnet ?? 0,
    DynamicIPAddressLimit: 0,
    StormLimit: settings.stormLimit,
    AllowTeaming: on(false),
    FixSpeed10G: on(false),
    VMQWeight: 100,
    IPsecOffloadMaxSA: 512,
    VrssEnabled: false,
    VrssEnabledRequested: true,
    VmmqEnabled: false,
    VmmqEnabledRequested: false,
    VrssMaxQueuePairs: 1,
    VrssMinQueuePairs: 1,
    VrssQueueSchedulingMode: 'StaticVrss',
    RscEnabled: true,
    VmqUsage: 0,
    IPsecOffloadSAUsage: 0,
    VFDataPathActive: false,
    VMQueue: none,
    BandwidthPercentage: 0,
    IsTemplate: false,
    Name: one.name,
    VMId: one.managementOs ? '00000000-0000-0000-0000-000000000000' : one.vmId,
    VMName: one.vm,
    VMSnapshotId: '00000000-0000-0000-0000-000000000000',
    VMSnapshotName: '',
    ...tail(call),
  }
  const words = one.managementOs
    ? `VMInternalNetworkAdapter, Name = '${one.name}'`
    : `VMNetworkAdapter (Name = '${one.name}', VMName = '${one.vm}') [VMId = '${one.vmId}']`
  return {
    kind: 'object',
    types: typed(one.managementOs ? 'VMInternalNetworkAdapter' : 'VMNetworkAdapter', 'VMNetworkAdapterBase'),
    text: words,
    props: new Map(Object.entries(props)),
  }
}

/** Adapters of machines, host rows first, then by machine and name. */
export function sortedAdapters(call: Call): VmAdapterView[] {
  const order = hyperV(call)
    .vms()
    .map((vm) => vm.id)
  return [...hyperV(call).adapters()].sort(
    (a, b) => Number(b.managementOs) - Number(a.managementOs) || order.indexOf(a.vmId) - order.indexOf(b.vmId),
  )
}
