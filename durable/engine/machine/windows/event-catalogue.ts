// The events that a Windows machine writes down: log, source, number, level and words. Numbers of the virtual switch are those of
// fact sheet 2.12; the words are ours where the sheet has none.

export type Level = 'Critical' | 'Error' | 'Warning' | 'Information'

export type EventKind = {
  readonly log: string
  readonly provider: string
  readonly id: number
  readonly level: Level
  /** `%1` is the first value. */
  readonly text: string
}

export const VMMS_LOG = 'Microsoft-Windows-Hyper-V-VMMS-Admin'
export const SWITCH_LOG = 'Microsoft-Windows-Hyper-V-VmSwitch-Operational'
export const WORKER_LOG = 'Microsoft-Windows-Hyper-V-Worker-Admin'
export const DHCP_ADMIN = 'Microsoft-Windows-Dhcp-Client/Admin'
export const DHCP_OPERATIONAL = 'Microsoft-Windows-Dhcp-Client/Operational'

const kind = (log: string, provider: string) => (id: number, level: Level, text: string) => ({ log, provider, id, level, text })

const vmms = kind(VMMS_LOG, 'Microsoft-Windows-Hyper-V-VMMS')
const worker = kind(WORKER_LOG, 'Microsoft-Windows-Hyper-V-Worker')
const vmSwitch = kind('System', 'Microsoft-Windows-Hyper-V-VmSwitch')
const vmSwitchOperational = kind(SWITCH_LOG, 'Microsoft-Windows-Hyper-V-VmSwitch')
const dhcpAdmin = kind(DHCP_ADMIN, 'Microsoft-Windows-Dhcp-Client')
const dhcpOperational = kind(DHCP_OPERATIONAL, 'Microsoft-Windows-Dhcp-Client')
const scm = kind('System', 'Service Control Manager')
const eventLog = kind('System', 'EventLog')
const kernel = kind('System', 'Microsoft-Windows-Kernel-General')

export const eventKinds = {
  'boot.kernel': kernel(12, 'Information', 'The operating system started at system time %1.'),
  'boot.version': eventLog(6009, 'Information', 'Microsoft (R) Windows (R) 10.00. %1  Multiprocessor Free.'),
  'boot.log': eventLog(6005, 'Information', 'The Event log service was started.'),
  'boot.unexpected': eventLog(6008, 'Error', 'The previous system shutdown at %1 on %2 was unexpected.'),
  'boot.stop': eventLog(6006, 'Information', 'The Event log service was stopped.'),
  'boot.asked': kind('System', 'User32')(
    1074,
    'Information',
    'The process %1 has initiated the restart of computer %2 on behalf of user %3 for the following reason: Other (Planned)',
  ),
  'scm.state': scm(7036, 'Information', 'The %1 service entered the %2 state.'),
  'scm.start-type': scm(7040, 'Information', 'The start type of the %1 service was changed from %2 to %3.'),
  'scm.crashed': scm(7034, 'Error', 'The %1 service terminated unexpectedly.  It has done this %2 time(s).'),
  'nic.down': kind('System', 'e1dexpress')(27, 'Warning', '%1\n Network link is disconnected.'),
  'nic.up': kind('System', 'e1dexpress')(32, 'Information', '%1\n Network link has been established at %2.'),
  'tcpip.conflict': kind('System', 'Tcpip')(
    4199,
    'Error',
    'The system detected an address conflict for IP address %1 with the system having network hardware address %2. Network operations on this system may be disrupted as a result.',
  ),
  'dhcp.none': dhcpAdmin(
    1001,
    'Error',
    'Your computer was not assigned an address from the network (by the DHCP Server) for the Network Card with network address 0x%1.  The following error occurred: 0x79. Your computer will continue to try and obtain an address on its own from the network address (DHCP) server.',
  ),
  'dhcp.nak': dhcpAdmin(
    1002,
    'Error',
    'The IP address lease %1 for the Network Card with network address 0x%2 has been denied by the DHCP server %3 (The DHCP Server sent a DHCPNACK message).',
  ),
  'dhcp.renew-failed': dhcpAdmin(
    1003,
    'Warning',
    'Your computer was not able to renew its address from the network (from the DHCP Server) for the Network Card with network address 0x%1.  The following error occurred: 0x79. Your computer will continue to try and obtain an address on its own from the network address (DHCP) server.',
  ),
  'dhcp.conflict': dhcpAdmin(
    1005,
    'Error',
    'Your computer has detected that the IP address %1 for the Network Card with network address 0x%2 is already in use on the network. Your computer will automatically attempt to obtain a different address.',
  ),
  'dhcp.autoconfigured': dhcpAdmin(
    1007,
    'Warning',
    'Your computer has automatically configured the IP address for the Network Card with network address 0x%1.  The IP address being used is %2.',
  ),
  'dhcp.started': dhcpOperational(50036, 'Information', 'DHCPv4 client service is started'),
  'dhcp.stopped': dhcpOperational(50037, 'Information', 'DHCPv4 client service is stopped. ShutDown Flag value is %1'),
  'dhcp.bound': dhcpOperational(
    50028,
    'Information',
    'Address %1 is plumbed to the adapter %2. Status Code is 0x0; it was leased by %3.',
  ),
  'dhcp.unbound': dhcpOperational(50029, 'Information', 'Address %1 is taken off the adapter %2.'),
  'switch.created': vmms(26000, 'Information', "Switch created, name='%1', friendly name='%2'."),
  'switch.deleted': vmms(26002, 'Information', "Switch deleted, name='%1', friendly name='%2'."),
  'switch.nic-created': vmms(26012, 'Information', "Internal miniport created, name = '%1', friendly name = '%2', MAC = '%3'."),
  'switch.nic-deleted': vmms(26026, 'Information', "Internal miniport deleted, name = '%1', friendly name = '%2'."),
  'switch.connected': vmms(
    26074,
    'Information',
    "Ethernet switch port connected, switch name = '%1', switch friendly name = '%2', port name = '%3'.",
  ),
  'switch.disconnected': vmms(
    26078,
    'Information',
    "Ethernet switch port disconnected, switch name = '%1', switch friendly name = '%2', port name = '%3'.",
  ),
  'switch.ics': vmms(26094, 'Error', 'The automatic Internet Connection Sharing switch cannot be modified.'),
  'switch.remove-failed': vmms(26142, 'Error', "Failed while removing virtual Ethernet switch '%1'."),
  'vm.no-mac': vmms(
    12565,
    'Error',
    "'%1' Synthetic Ethernet Port (Instance ID %2): Failed to power on with Error 'Attempt to access invalid address'. (Virtual machine ID %3)",
  ),
  'vm.quit': vmms(14070, 'Error', "Virtual machine '%1' (ID=%2) has quit unexpectedly."),
  'vm.created': vmms(13002, 'Information', "The virtual machine '%1' was created. (Virtual machine ID %2)"),
  'vm.deleted': vmms(13003, 'Information', "The virtual machine '%1' was deleted. (Virtual machine ID %2)"),
  'vmms.started': vmms(14094, 'Information', 'The Virtual Machine Management Service started successfully.'),
  'vmms.stopped': vmms(14096, 'Information', 'The Virtual Machine Management Service was shut down.'),
  'vm.started': worker(18500, 'Information', "'%1' started successfully. (Virtual machine ID %2)"),
  'vm.off': worker(18502, 'Information', "'%1' was turned off. (Virtual machine ID %2)"),
  'vm.shutdown': worker(
    18504,
    'Information',
    "'%1' was shut down using the Shutdown integration component. (Virtual machine ID %2)",
  ),
  'vm.saved': worker(18510, 'Information', "'%1' saved successfully. (Virtual machine ID %2)"),
  'vm.reset': worker(18512, 'Information', "'%1' was reset. (Virtual machine ID %2)"),
  'vm.paused': worker(18516, 'Information', "'%1' was paused. (Virtual machine ID %2)"),
  'vm.resumed': worker(18518, 'Information', "'%1' was resumed. (Virtual machine ID %2)"),
  'vm.restored': worker(18596, 'Information', "'%1' was restored successfully. (Virtual machine ID %2)"),
  'port.connected': vmSwitch(
    234,
    'Information',
    'NIC %1 (Friendly Name: %2) successfully connected to port %3 on switch %4 (Friendly Name: %5).',
  ),
  'port.disconnected': vmSwitch(
    232,
    'Information',
    'NIC %1 (Friendly Name: %2) successfully disconnected from port %3 on switch %4 (Friendly Name: %5).',
  ),
  'port.connected-operational': vmSwitchOperational(
    234,
    'Information',
    'NIC %1 (Friendly Name: %2) successfully connected to port %3 on switch %4 (Friendly Name: %5).',
  ),
  'port.disconnected-operational': vmSwitchOperational(
    232,
    'Information',
    'NIC %1 (Friendly Name: %2) successfully disconnected from port %3 on switch %4 (Friendly Name: %5).',
  ),
} as const satisfies { readonly [key: string]: EventKind }

export type EventKey = keyof typeof eventKinds

/** Logs without an event of ours that every machine has all the same. */
export const EMPTY_LOGS = ['Application', 'Security', 'Setup', 'Microsoft-Windows-DNS-Client/Operational'] as const
export const HYPER_V_LOGS: ReadonlySet<string> = new Set([VMMS_LOG, SWITCH_LOG, WORKER_LOG])

export const textOf = (kind: EventKind, values: readonly string[]): string =>
  kind.text.replace(/%(\d)/g, (_, at: string) => values[Number(at) - 1] ?? '')
