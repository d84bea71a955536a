// Classes of CIM that have instances here: of the system and of Hyper-V.
import { osName } from '../../windows/os-name.ts'
import type { Call } from '../cmdlet.ts'
import { object, type PsObject, type PsValue } from '../values/value.ts'
import { hyperV } from './hyper-v.ts'
import { dateOf, windowsOf } from './windows.ts'

type Props = Record<string, PsValue>
export type CimClass = { readonly name: string; readonly namespace: string; of(call: Call): Props[] }

const CIMV2 = 'root/cimv2'
const VIRTUALIZATION = 'root/virtualization/v2'

export const cimObject = ({ name, namespace }: CimClass, props: Props): PsObject =>
  object(`Microsoft.Management.Infrastructure.CimInstance#${namespace}/${name}`, { ...props, PSComputerName: null }, name)

const prefixMask = (length: number): string =>
  [0, 8, 16, 24].map((at) => 256 - (1 << (8 - Math.max(0, Math.min(8, length - at))))).join('.')
const colons = (mac: string): string => mac.replace(/(..)(?=.)/g, '$1:')

/** States of a virtual machine as CIM numbers them. */
const STATES: Readonly<Record<string, number>> = { Running: 2, Off: 3, Saved: 6, Paused: 9 }

const system: readonly CimClass[] = [
  {
    name: 'Win32_ComputerSystem',
    namespace: CIMV2,
    of: ({ kernel }) => {
      const { hostname, user } = kernel.identity()
      const guest = kernel.windows?.serviceRuns('vmicheartbeat') === true
      return [
        {
          Name: hostname,
          PrimaryOwnerName: user,
          Domain: 'WORKGROUP',
          TotalPhysicalMemory: 17_179_869_184,
          Model: guest ? 'Virtual Machine' : 'Lab Computer',
          Manufacturer: guest ? 'Microsoft Corporation' : 'Switchroom',
          UserName: `${hostname}\\${user}`,
          PartOfDomain: false,
          HypervisorPresent: guest || kernel.hyperV !== undefined,
          NumberOfLogicalProcessors: 8,
          NumberOfProcessors: 1,
          SystemType: 'x64-based PC',
        },
      ]
    },
  },
  {
    name: 'Win32_OperatingSystem',
    namespace: CIMV2,
    of: (call) => {
      const { build, bootedAt, hostname } = call.kernel.identity()
      return [
        {
          SystemDirectory: 'C:\\Windows\\system32',
          Organization: '',
          BuildNumber: String(build),
          RegisteredUser: call.kernel.identity().user,
          SerialNumber: '00330-80000-00000-AA000',
          Version: `10.0.${build}`,
          Caption: osName(call.kernel.identity()),
          CSName: hostname,
          LastBootUpTime: dateOf(call, bootedAt),
          LocalDateTime: dateOf(call, call.kernel.clock().now),
          OSArchitecture: '64-bit',
          WindowsDirectory: 'C:\\Windows',
        },
      ]
    },
  },
  {
    name: 'Win32_Service',
    namespace: CIMV2,
    of: (call) =>
      windowsOf(call)
        .services()
        .filter(({ driver }) => !driver)
        .map((one) => ({
          ProcessId: one.pid,
          Name: one.name,
          StartMode: one.startType.startsWith('Automatic') ? 'Auto' : one.startType,
          State: one.running ? 'Running' : 'Stopped',
          Status: 'OK',
          ExitCode: 0,
          DisplayName: one.displayName,
          Description: one.description,
          PathName: one.path,
          ServiceType: one.shared ? 'Share Process' : 'Own Process',
          StartName: 'LocalSystem',
          Started: one.running,
          AcceptStop: one.canStop,
          DelayedAutoStart: one.startType === 'AutomaticDelayed',
        })),
  },
  {
    name: 'Win32_Process',
    namespace: CIMV2,
    of: (call) =>
      windowsOf(call)
        .windowsProcesses()
        .map((one) => ({
          ProcessId: one.pid,
          Name: one.image,
          HandleCount: one.handles,
          WorkingSetSize: one.workingSet * 1024,
          VirtualSize: one.privateBytes * 1024,
          ParentProcessId: one.parent,
          CommandLine: one.commandLine === '' ? null : one.commandLine,
          ExecutablePath: one.path === '' ? null : one.path,
          SessionId: one.session,
          ThreadCount: one.threads,
          CreationDate: dateOf(call, one.startedAt),
          Handle: String(one.pid),
        })),
  },
  {
    name: 'Win32_NetworkAdapter',
    namespace: CIMV2,
    of: ({ kernel }) =>
      kernel
        .adapters()
        .filter(({ kind }) => kind !== 'loopback' && kind !== 'ppp')
        .map((one, at) => ({
          DeviceID: String(at + 1),
          Name: one.description,
          AdapterType: 'Ethernet 802.3',
          ServiceName: one.kind === 'virtual' ? 'VMSNPXYMP' : 'e1dexpress',
          Description: one.description,
          GUID: one.guid,
          Index: at + 1,
          InterfaceIndex: one.index,
          MACAddress: colons(one.mac),
          NetConnectionID: one.name,
          NetConnectionStatus: !one.enabled ? 0 : one.up ? 2 : 7,
          NetEnabled: one.enabled && one.up,
          PhysicalAdapter: one.kind !== 'virtual',
          Speed: one.up ? one.speed : null,
        })),
  },
  {
    name: 'Win32_NetworkAdapterConfiguration',
    namespace: CIMV2,
    of: (call) =>
      call.kernel
        .interfaces()
        .filter(({ kind }) => kind !== 'loopback' && kind !== 'ppp')
        .map((one, at) => ({
          ServiceName: one.kind === 'virtual' ? 'VMSNPXYMP' : 'e1dexpress',
          DHCPEnabled: one.dhcp,
          Index: at + 1,
          Description: one.description,
          InterfaceIndex: one.index,
          SettingID: one.guid,
          MACAddress: colons(one.mac),
          IPEnabled: one.enabled && one.up,
          IPAddress: one.addresses.length === 0 ? null : one.addresses.map(({ address }) => address),
          IPSubnet: one.addresses.length === 0 ? null : one.addresses.map(({ prefixLength }) => prefixMask(prefixLength)),
          DefaultIPGateway: one.gateways.length === 0 ? null : [...one.gateways],
          DNSServerSearchOrder: one.dnsServers.length === 0 ? null : [...one.dnsServers],
          DNSDomain: one.dnsSuffix,
          DNSHostName: call.kernel.identity().hostname,
          DHCPServer: one.lease?.server ?? null,
          DHCPLeaseObtained: one.lease?.obtainedAt == null ? null : dateOf(call, one.lease.obtainedAt),
          DHCPLeaseExpires: one.lease?.expiresAt == null ? null : dateOf(call, one.lease.expiresAt),
        })),
  },
]

const upper = (id: string): string => id.toUpperCase()

/** Adapters of machines, not those of the computer itself. */
const guestAdapters = (call: Call) =>
  hyperV(call)
    .adapters()
    .filter(({ managementOs }) => !managementOs)

const virtualization: readonly CimClass[] = [
  {
    name: 'Msvm_ComputerSystem',
    namespace: VIRTUALIZATION,
    of: (call) => [
      {
        Caption: 'Hosting Computer System',
        Description: 'Microsoft Hosting Computer System',
        ElementName: call.kernel.identity().hostname,
        Name: call.kernel.identity().hostname,
        EnabledState: 2,
        HealthState: 5,
        OnTimeInMilliseconds: Math.floor(call.kernel.clock().now / 1000),
        ProcessID: 0,
      },
      ...hyperV(call)
        .vms()
        .map((vm) => ({
          Caption: 'Virtual Machine',
          Description: 'Microsoft Virtual Machine',
          ElementName: vm.name,
          Name: upper(vm.id),
          EnabledState: STATES[vm.state] ?? 2,
          HealthState: 5,
          OnTimeInMilliseconds: vm.startedAt === null ? 0 : Math.floor((call.kernel.clock().now - vm.startedAt) / 1000),
          ProcessID:
            windowsOf(call)
              .windowsProcesses()
              .find((one) => one.vm !== '' && one.vm.toLowerCase() === vm.id.toLowerCase())?.pid ?? 0,
        })),
    ],
  },
  {
    name: 'Msvm_VirtualEthernetSwitch',
    namespace: VIRTUALIZATION,
    of: (call) =>
      hyperV(call)
        .switches()
        .map((one) => ({
          Caption: 'Virtual Switch',
          Description: 'Microsoft Virtual Switch',
          ElementName: one.name,
          Name: upper(one.id),
          EnabledState: 5,
          HealthState: 5,
          MaxVMQOffloads: 0,
        })),
  },
  {
    name: 'Msvm_VirtualSystemManagementService',
    namespace: VIRTUALIZATION,
    of: (call) => {
      hyperV(call)
      return [
        {
          Caption: 'Hyper-V Virtual System Management Service',
          ElementName: 'Hyper-V Virtual System Management Service',
          Name: 'vmms',
          Started: true,
          Status: 'OK',
        },
      ]
    },
  },
  {
    name: 'Msvm_SyntheticEthernetPortSettingData',
    namespace: VIRTUALIZATION,
    of: (call) =>
      guestAdapters(call).map((one) => ({
        Caption: 'Virtual Ethernet Port',
        Description: 'Settings for the Microsoft Virtual Ethernet Port.',
        ElementName: one.name,
        InstanceID: `Microsoft:${upper(one.vmId)}\\${upper(one.id)}`,
        Address: one.mac,
        StaticMacAddress: !one.dynamicMac,
        ResourceSubType: 'Microsoft:Hyper-V:Synthetic Ethernet Port',
        ResourceType: 10,
        VirtualSystemIdentifiers: [`{${upper(one.id)}}`],
      })),
  },
  {
    name: 'Msvm_EthernetPortAllocationSettingData',
    namespace: VIRTUALIZATION,
    of: (call) =>
      guestAdapters(call).map((one) => ({
        Caption: 'Ethernet Switch Port Settings',
        Description: 'Ethernet Switch Port Settings',
        ElementName: one.name,
        InstanceID: `Microsoft:${upper(one.vmId)}\\${upper(one.id)}\\C`,
        EnabledState: one.connected ? 2 : 3,
        HostResource: one.connected
          ? [
              `\\\\${call.kernel.identity().hostname}\\root\\virtualization\\v2:Msvm_VirtualEthernetSwitch.CreationClassName="Msvm_VirtualEthernetSwitch",Name="${upper(one.switchId)}"`,
            ]
          : null,
        LastKnownSwitchName: one.switch,
        ResourceSubType: 'Microsoft:Hyper-V:Ethernet Connection',
        ResourceType: 33,
        Parent: `Microsoft:${upper(one.vmId)}\\${upper(one.id)}`,
      })),
  },
  {
    name: 'Msvm_SummaryInformation',
    namespace: VIRTUALIZATION,
    of: (call) =>
      hyperV(call)
        .vms()
        .map((vm) => ({
          ElementName: vm.name,
          Name: upper(vm.id),
          EnabledState: STATES[vm.state] ?? 2,
          MemoryUsage: Math.floor(vm.memoryBytes / 1_048_576),
          UpTime: vm.startedAt === null ? 0 : Math.floor((call.kernel.clock().now - vm.startedAt) / 1000),
          Notes: vm.notes,
        })),
  },
]

export const cimClasses: readonly CimClass[] = [...system, ...virtualization]
export const NAMESPACES: readonly string[] = [CIMV2, VIRTUALIZATION, 'root/standardcimv2', 'root/wmi', 'root/default']
