// The Hyper-V of the imaginary computer; for tests only.
import { DEFAULT_SETTINGS, type PortSettings } from '../../engine/link/virtual-port/settings.ts'
import { INTEGRATION_SERVICES } from '../../engine/machine/hyper-v/vm.ts'
import type { HyperVCalls, Outcome } from '../../engine/machine/kernel.ts'
import type { NatMappingView, NetNatView, VmAdapterView, VmView } from '../../engine/machine/views.ts'

const USUAL_NAT = {
  IcmpQueryTimeout: 30,
  TcpEstablishedConnectionTimeout: 1800,
  TcpTransientConnectionTimeout: 120,
  TcpFilteringBehavior: 'AddressDependentFiltering',
  UdpFilteringBehavior: 'AddressDependentFiltering',
  UdpIdleSessionTimeout: 120,
  UdpInboundRefresh: false,
} as const

const WSL = '790e58b4-7939-4434-9358-89ae7ddbe87e'
const SWITCH = 'C08CB7B8-9B3C-408E-8E30-5E16A3AEB444'

const vm = (name: string, id: string, state: VmView['state']): VmView => ({
  id,
  name,
  state,
  memoryBytes: state === 'Running' ? 2_147_483_648 : 0,
  startedAt: state === 'Running' ? 2_757_877_000 : null,
  generation: 2,
  version: '12.0',
  notes: '',
  automaticStop: 'Save',
  automaticStart: 'StartIfRunning',
  checkpointType: 'Production',
  services: INTEGRATION_SERVICES.map((service) => ({
    name: service,
    enabled: service !== 'Guest Service Interface',
    answers: state === 'Running' && service !== 'Guest Service Interface',
  })),
  automaticCheckpoints: false,
  startDelay: 0,
  startupBytes: 2_147_483_648,
  dynamicMemory: false,
  minimumBytes: 536_870_912,
  maximumBytes: 1_099_511_627_776,
  processors: 2,
  exposeExtensions: false,
  secureBoot: true,
  tpm: false,
  path: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
  bootOrder: [],
  drives: [
    { kind: 'disk', controller: 'SCSI', number: 0, location: 0, path: `C:\\VMs\\${name}.vhdx` },
    { kind: 'dvd', controller: 'SCSI', number: 0, location: 1, path: '' },
  ],
  parentCheckpoint: '',
  metering: null,
  machine: name,
})

const ACL: PortSettings['acl'] = [
  { action: 'Deny', direction: 'Inbound', side: 'Remote', match: { kind: 'ip4', network: 0xc0a80300, prefixLength: 24 } },
]
const EXTENDED: PortSettings['extendedAcl'] = [
  {
    action: 'Allow',
    direction: 'Inbound',
    localIp: null,
    remoteIp: null,
    localPort: [80, 90],
    remotePort: null,
    protocol: 6,
    weight: 10,
    stateful: true,
    idleTimeout: 3_600_000_000,
  },
]

const adapter = (vmName: string, id: string, mac: string, running: boolean, addresses: readonly string[]): VmAdapterView => ({
  id: `a-${id}`,
  name: 'Network Adapter',
  managementOs: false,
  vm: vmName,
  vmId: id,
  switch: 'Default Switch',
  switchId: SWITCH,
  mac,
  dynamicMac: true,
  connected: true,
  running,
  addresses,
  settings: vmName === 'win1' ? { ...DEFAULT_SETTINGS, acl: ACL, extendedAcl: EXTENDED } : DEFAULT_SETTINGS,
  metered: [0],
})

export function fakeHyperV(note: (what: string) => Outcome): HyperVCalls {
  const nats: NetNatView[] = []
  const mappings: NatMappingView[] = []
  return {
    exportVm: () => note('exportVm'),
    removeHnsNetwork: () => note('removeHnsNetwork'),
    exportedVm: (path) =>
      /\.vmcx$/i.test(path)
        ? {
            id: '22222222-2222-4222-8222-222222222222',
            name: 'vm9',
            generation: 2,
            adapters: [{ id: 'a-9', name: 'Network Adapter', switch: 'Default Switch', found: true }],
            disks: [],
          }
        : undefined,
    importVm: () => note('importVm'),
    setTeam: () => note('setTeam'),
    mapAdapter: () => note('mapAdapter'),
    wsl: () => ({ id: WSL, version: 2, running: true }),
    runWsl: () => note('runWsl'),
    endWsl: () => note('endWsl'),
    switches: () => [
      {
        id: SWITCH,
        name: 'Default Switch',
        type: 'Internal',
        netAdapter: '',
        netAdapterGuid: '',
        shared: true,
        extensions: null,
        ics: true,
        notes: '',
      },
    ],
    vms: () => [
      vm('vm1', '11111111-1111-4111-8111-111111111111', 'Running'),
      vm('win1', '22222222-2222-4222-8222-222222222222', 'Running'),
      vm('spare', '33333333-3333-4333-8333-333333333333', 'Off'),
    ],
    adapters: () => [
      {
        id: 'host',
        name: 'Container NIC 2cf575f1',
        managementOs: true,
        vm: '',
        vmId: '',
        switch: 'Default Switch',
        switchId: SWITCH,
        mac: '00155D0FA03B',
        dynamicMac: false,
        connected: true,
        running: true,
        addresses: [],
        settings: DEFAULT_SETTINGS,
        metered: [],
      },
      adapter('vm1', '11111111-1111-4111-8111-111111111111', '00155D033200', true, []),
      adapter('win1', '22222222-2222-4222-8222-222222222222', '00155D033201', true, [
        '172.27.165.77',
        'fe80::1d0c:55ab:90e3:22f1',
      ]),
      adapter('spare', '33333333-3333-4333-8333-333333333333', '', false, []),
    ],
    boot: () => ({ nx: 'OptIn', launch: 'Auto' }),
    setBoot: (change) => note(`setBoot ${JSON.stringify(change)}`),
    hnsNetworks: () => [
      {
        id: SWITCH,
        name: 'Default Switch',
        type: 'ICS',
        flags: 11,
        gatewayMac: '00-15-5D-01-0F-00',
        gatewayAddress: '172.27.160.1',
        addressPrefix: '172.27.160.0/20',
        subnetId: '9B1C9E0C-1111-4222-8333-444455556666',
        ipSubnetId: 'AB1C9E0C-1111-4222-8333-444455556666',
        activityId: '5E0B2A1C-6C1D-4A4F-9E0D-3B2F5D6A7C81',
        natName: 'ICS6B4E8F10-2C7D-4D0A-9E61-AF2B5C3D4E5F',
        macPool: ['00-15-5D-B5-30-00', '00-15-5D-B5-3F-FF'],
        interfaceGuid: '6B4E8F10-2C7D-4D0A-9E61-AF2B5C3D4E5F',
        layeredOn: 'CC1C9E0C-1111-4222-8333-444455556666',
        updatedAt: 0,
      },
    ],
    makeSwitch: ({ name, type }) => note(`makeSwitch ${name} ${type}`),
    setSwitch: (id, change) =>
      id === SWITCH ? { ok: false, error: 'ics-switch' } : note(`setSwitch ${id} ${JSON.stringify(change)}`),
    removeSwitch: (id) => (id === SWITCH ? { ok: false, error: 'ics-switch' } : note(`removeSwitch ${id}`)),
    startVm: (id) => (id.startsWith('3') ? note(`startVm ${id}`) : { ok: false, error: 'wrong-state' }),
    stopVm: (id, how) => (id.startsWith('3') ? { ok: false, error: 'wrong-state' } : note(`stopVm ${id} ${how}`)),
    resetVm: (id) => note(`resetVm ${id}`),
    pauseVm: (id) => note(`pauseVm ${id}`),
    resumeVm: (id) => note(`resumeVm ${id}`),
    setVm: (id, change) => note(`setVm ${id} ${JSON.stringify(change)}`),
    checkpoints: () => [
      {
        id: '44444444-4444-4444-8444-444444444444',
        name: 'clean',
        vm: 'vm1',
        vmId: '11111111-1111-4111-8111-111111111111',
        createdAt: 2_700_000_000,
        parent: null,
        parentName: '',
        standard: false,
        automatic: false,
        state: 'Off',
      },
    ],
    makeCheckpoint: (id, name) => note(`makeCheckpoint ${id} ${name}`),
    applyCheckpoint: (id) => note(`applyCheckpoint ${id}`),
    renameCheckpoint: (id, name) => note(`renameCheckpoint ${id} ${name}`),
    removeCheckpoint: (id, children) => note(`removeCheckpoint ${id} ${children}`),
    netNats: () => nats,
    setNetNat: (name, change) => note(`setNetNat ${name} ${JSON.stringify(change)}`),
    natExternalAddresses: () => [{ id: 0, nat: 'n', address: '192.168.3.51' }],
    addNatExternalAddress: (nat, address) => ({ ...note(`addNatExternalAddress ${nat} ${address}`), value: 0 }) as Outcome,
    removeNatExternalAddress: (id) => note(`removeNatExternalAddress ${id}`),
    newNetNat: (name, prefix) => {
      nats.push({ ...USUAL_NAT, name, prefix, external: '' })
      return note(`newNetNat ${name} ${prefix}`)
    },
    removeNetNat: (name) => note(`removeNetNat ${name}`),
    natMappings: () => mappings,
    addNatMapping: (nat, mapping) => {
      mappings.push({ id: 0, nat, ...mapping })
      note(`addNatMapping ${nat} ${mapping.externalPort}`)
      return { ok: true, value: 0 }
    },
    removeNatMapping: (id) => note(`removeNatMapping ${id}`),
    macPool: () => ({ first: 0x00155d033200, last: 0x00155d0332ff }),
    setMacPool: ({ first, last }) => note(`setMacPool ${first} ${last}`),
    newVm: ({ name }) => {
      note(`newVm ${name}`)
      return { ok: true, value: '33333333-3333-4333-8333-333333333333' }
    },
    removeVm: (id) => note(`removeVm ${id}`),
    disks: () => [
      { path: 'C:\\VMs\\vm1.vhdx', sizeBytes: 136_365_211_648, kind: 'Dynamic', parent: '', os: 'ubuntu-24.04', usedBy: 'vm1' },
      {
        path: 'C:\\Images\\ubuntu-24.04.vhdx',
        sizeBytes: 136_365_211_648,
        kind: 'Dynamic',
        parent: '',
        os: 'ubuntu-24.04',
        usedBy: '',
      },
    ],
    makeDisk: ({ path, kind }) => note(`makeDisk ${path} ${kind}`),
    removeDisk: (path) => note(`removeDisk ${path}`),
    copyToVm: (id, source, destination) => note(`copyToVm ${id} ${source} ${destination}`),
    meterVm: (id, on) => note(`meterVm ${id} ${on}`),
    addAdapter: (vmId, { name }) => {
      note(`addAdapter ${vmId} ${name}`)
      return { ok: true, value: 'a-11111111-1111-4111-8111-111111111111' }
    },
    removeAdapter: (adapterId) => note(`removeAdapter ${adapterId}`),
    connectAdapter: (adapterId, switchId) => note(`connectAdapter ${adapterId} ${switchId}`),
    setAdapter: (adapterId, change) => note(`setAdapter ${adapterId} ${JSON.stringify(change)}`),
  }
}
