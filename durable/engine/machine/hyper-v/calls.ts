import type { Interface } from '../../ip/interface.ts'
import { DEFAULT_SETTINGS } from '../../link/virtual-port/settings.ts'
import { formatIp, formatMacBare, formatMacWindows } from '../../wire/addresses.ts'
import { guidOf } from '../guid.ts'
import type { HyperVCalls, Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { HnsNetworkView, VmAdapterView, VmCheckpointView } from '../views.ts'
import { HOST_ADAPTER, NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import type { HostAdapter } from './host-adapter.ts'
import type { HyperV } from './hyper-v.ts'
import type { SwitchRefusal } from './switch-board.ts'
import { INTEGRATION_SERVICES, KEY_VALUE, type Vm, type VmCheckpoint } from './vm.ts'
import type { VmAdapter } from './vm-adapter.ts'
import type { VmSwitch } from './vm-switch.ts'
import { winNatCalls } from './win-nat-calls.ts'

const CONFIGURATION_VERSION = '12.0'
/** DNS proxy 1, DHCP server 2, non-persistent 8 (fact sheet 2.8). */
const HNS_FLAGS = 11

export function hyperVCalls(machine: Machine, hyperV: HyperV): HyperVCalls {
  const vmById = (id: string, act: (vm: Vm) => Outcome): Outcome => {
    const vm = hyperV.vms.find((v) => v.id === id)
    return vm ? act(vm) : failed('not-found')
  }
  const checkpointById = (id: string, act: (vm: Vm, one: VmCheckpoint) => Outcome): Outcome => {
    for (const vm of hyperV.vms) {
      const one = vm.checkpoints.find((each) => each.id === id)
      if (one) return act(vm, one)
    }
    return failed('not-found')
  }
  const switchById = (id: string, act: (it: VmSwitch) => Outcome): Outcome => {
    if (id.toUpperCase() === NETWORK_ID) return failed('ics-switch')
    const it = hyperV.switchOf(id)
    return it ? act(it) : failed('not-found')
  }
  const physical = (index: number): Interface | undefined => {
    const via = machine.stack.interfaces.get(index)
    return via?.kind === 'ethernet' || via?.kind === 'wifi' ? via : undefined
  }
  const hostById = (id: string): HostAdapter | undefined =>
    hyperV.switches.flatMap(({ hosts }) => hosts).find(({ state }) => state.id === id)
  const adapterById = (id: string): VmAdapter | undefined =>
    hyperV.vms.flatMap(({ adapters }) => adapters).find((adapter) => adapter.id === id)
  return {
    switches: () => [
      {
        id: NETWORK_ID.toLowerCase(),
        name: SWITCH_NAME,
        type: 'Internal',
        netAdapter: '',
        netAdapterGuid: '',
        shared: true,
        ics: true,
        notes: '',
      },
      ...hyperV.switches.map(({ id, name, type, notes, uplink, hosts }) => ({
        id: id.toLowerCase(),
        name,
        type,
        netAdapter: uplink?.nic.description ?? '',
        netAdapterGuid: uplink?.nic.guid ?? '',
        shared: hosts.length > 0,
        ics: false,
        notes,
      })),
    ],
    vms: () =>
      hyperV.vms.map((vm) => ({
        id: vm.id,
        name: vm.settings.name,
        notes: vm.settings.notes,
        state: vm.state,
        memoryBytes: vm.state === 'Running' || vm.state === 'Paused' ? vm.definition.memoryBytes : 0,
        startedAt: vm.state === 'Running' ? vm.startedAt : null,
        generation: vm.definition.generation,
        version: CONFIGURATION_VERSION,
        automaticStop: vm.settings.automaticStop,
        automaticStart: vm.settings.automaticStart,
        checkpointType: vm.settings.checkpointType,
        services: INTEGRATION_SERVICES.map((name) => ({ name, enabled: vm.has(name) })),
      })),
    adapters: () => [
      ...hostAdapter(machine, hyperV),
      ...hyperV.switches.flatMap((it) => it.hosts.map((host) => ownAdapter(it, host))),
      ...hyperV.vms.flatMap((vm) => vm.adapters.map((adapter) => guestAdapter(hyperV, vm, adapter))),
    ],
    hnsNetworks: () => hnsNetworks(machine, hyperV),
    makeSwitch: ({ name, notes, type, nic: index, shared }) => {
      const nic = index === undefined ? undefined : physical(index)
      if (index !== undefined && nic === undefined) return failed('not-found')
      const made = hyperV.board.make(name, notes, { type, nic, shared })
      machine.sim.touch(hyperV)
      return typeof made === 'string' ? refusedFor(made, nic) : { ok: true, value: made.id.toLowerCase() }
    },
    setSwitch: (id, { name, notes, type, nic: index, shared }) =>
      switchById(id, (it) => {
        const nic = index === undefined ? undefined : physical(index)
        if (index !== undefined && nic === undefined) return failed('not-found')
        const refused = hyperV.board.change(it, { type, nic, shared })
        if (refused) return refusedFor(refused, nic)
        it.name = name ?? it.name
        it.notes = notes ?? it.notes
        machine.sim.touch(hyperV)
        return OK
      }),
    removeSwitch: (id) =>
      switchById(id, (it) => {
        if (hyperV.isUsed(it)) return failed('in-use')
        hyperV.removeSwitch(it)
        return OK
      }),
    startVm: (id) => vmById(id, (vm) => did(vm.start())),
    stopVm: (id, how) =>
      vmById(id, (vm) => {
        if (how !== 'shutdown' || vm.state === 'Off' || vm.has('Shutdown')) return did(vm.stop(how))
        return failed('no-service', 'The shutdown integration service of the virtual machine is not available.')
      }),
    resetVm: (id) => vmById(id, (vm) => did(vm.reset())),
    pauseVm: (id) => vmById(id, (vm) => did(vm.pause())),
    resumeVm: (id) => vmById(id, (vm) => did(vm.resume())),
    setVm: (id, change) =>
      vmById(id, (vm) => {
        const services = change.services
          ? INTEGRATION_SERVICES.filter((name) => change.services?.includes(name))
          : vm.settings.services
        vm.settings = { ...vm.settings, ...change, services }
        return OK
      }),
    checkpoints: () => hyperV.vms.flatMap((vm) => vm.checkpoints.map((one) => checkpointView(vm, one))),
    makeCheckpoint: (id, name) =>
      vmById(id, (vm) => {
        const { checkpointType } = vm.settings
        if (checkpointType === 'Disabled') return failed('wrong-state', 'Checkpoints are disabled for the virtual machine.')
        if (checkpointType === 'Standard') return failed('not-simulated')
        const made = vm.checkpoint(name)
        return made ? { ok: true, value: made.id } : failed('exhausted')
      }),
    applyCheckpoint: (id) =>
      checkpointById(id, (vm, one) => {
        vm.apply(one, (adapter, on) => {
          const fabric = on === null ? undefined : hyperV.fabricOf(on)
          adapter.connect(fabric, fabric ? on : null)
        })
        return OK
      }),
    renameCheckpoint: (id, name) =>
      checkpointById(id, (vm, one) => {
        vm.checkpoints = vm.checkpoints.map((other) => (other === one ? { ...other, name } : other))
        return OK
      }),
    removeCheckpoint: (id, children) =>
      checkpointById(id, (vm, one) => {
        vm.forget(one, children)
        return OK
      }),
    ...winNatCalls(hyperV.winNat),
    macPool: () => hyperV.macPool.range,
    setMacPool: (range) => {
      hyperV.macPool.range = range
      return OK
    },
    connectAdapter: (adapterId, switchId) => {
      const adapter = adapterById(adapterId)
      const fabric = switchId === null ? undefined : hyperV.fabricOf(switchId)
      if (!adapter || (switchId !== null && !fabric)) return failed('not-found')
      adapter.connect(fabric, switchId === null ? null : switchId.toUpperCase())
      machine.sim.touch(hyperV)
      return OK
    },
    setAdapter: (adapterId, { name, settings }) => {
      const adapter = adapterById(adapterId)
      const own = hostById(adapterId)
      if (adapter) {
        adapter.name = name ?? adapter.name
        if (settings) adapter.settings = { ...adapter.settings, ...settings }
      } else if (own) {
        own.set({ name: name ?? own.state.name, settings: { ...own.state.settings, ...settings } })
      } else if (adapterId === defaultHostId(machine, hyperV)) return failed('ics-switch')
      else return failed('not-found')
      machine.sim.touch(hyperV)
      return OK
    },
  }
}

const refusedFor = (why: SwitchRefusal, nic: Interface | undefined): Outcome =>
  nic === undefined ? failed(why) : failed(why, why === 'in-use' ? nic.description : `{${nic.guid}}`)

const did = (done: boolean): Outcome => (done ? OK : failed('wrong-state'))

const checkpointView = (vm: Vm, { id, name, createdAt, parent }: VmCheckpoint): VmCheckpointView => ({
  id,
  name,
  vm: vm.settings.name,
  vmId: vm.id,
  createdAt,
  parent,
  parentName: vm.checkpoints.find((one) => one.id === parent)?.name ?? '',
})

const defaultHostId = (machine: Machine, { defaultSwitch: { state } }: HyperV): string | undefined =>
  state === null ? undefined : guidOf(machine.sim.seed, `host-adapter/${state.createdAt}`)

function hostAdapter(machine: Machine, hyperV: HyperV): VmAdapterView[] {
  const { state } = hyperV.defaultSwitch
  if (state === null) return []
  return [
    {
      id: defaultHostId(machine, hyperV) as string,
      name: SWITCH_NAME,
      managementOs: true,
      vm: '',
      vmId: '',
      switch: SWITCH_NAME,
      switchId: NETWORK_ID.toLowerCase(),
      mac: formatMacBare(state.mac),
      dynamicMac: true,
      connected: true,
      running: true,
      addresses: [],
      settings: DEFAULT_SETTINGS,
      metered: [],
    },
  ]
}

/** The computer's own adapter on a switch that somebody made. */
function ownAdapter(it: VmSwitch, { state, port, connected }: HostAdapter): VmAdapterView {
  return {
    id: state.id,
    name: state.name,
    managementOs: true,
    vm: '',
    vmId: '',
    switch: it.name,
    switchId: it.id.toLowerCase(),
    mac: formatMacBare(state.mac),
    dynamicMac: true,
    connected,
    running: true,
    addresses: [],
    settings: state.settings,
    metered: it.fabric.port(port)?.acl.metered ?? [],
  }
}

function guestAdapter(hyperV: HyperV, vm: Vm, adapter: VmAdapter): VmAdapterView {
  const { id, name, via, cable, settings } = adapter
  const running = vm.state === 'Running'
  const addresses = running && vm.has(KEY_VALUE) ? [...via.addresses.map((a) => formatIp(a.ip)), via.linkLocal6] : []
  const on = cable.plugged ? adapter.switch : null
  return {
    id,
    name,
    managementOs: false,
    vm: vm.settings.name,
    vmId: vm.id,
    switch: on === null ? '' : on === NETWORK_ID ? SWITCH_NAME : (hyperV.switchOf(on)?.name ?? ''),
    switchId: on === null ? '' : on.toLowerCase(),
    mac: formatMacBare(via.mac),
    dynamicMac: true,
    connected: on !== null,
    running,
    addresses,
    settings,
    metered: adapter.metered,
  }
}

function hnsNetworks(machine: Machine, hyperV: HyperV): HnsNetworkView[] {
  const { state } = hyperV.defaultSwitch
  const via = hyperV.defaultSwitch.via
  if (state === null || via === undefined) return []
  const { seed } = machine.sim
  const stamp = `${state.createdAt}`
  const pool = 0x00155d000000 + hyperV.defaultSwitch.poolStart() * 0x1000
  return [
    {
      id: NETWORK_ID,
      name: SWITCH_NAME,
      type: 'ICS',
      flags: HNS_FLAGS,
      gatewayMac: formatMacWindows(state.mac),
      gatewayAddress: formatIp(hyperV.defaultSwitch.address),
      addressPrefix: `${formatIp(state.network)}/${state.prefixLength}`,
      subnetId: guidOf(seed, `hns-subnet/${stamp}`),
      ipSubnetId: guidOf(seed, `hns-ip-subnet/${stamp}`),
      activityId: guidOf(seed, `hns-activity/${stamp}`),
      natName: `ICS${via.guid}`,
      macPool: [formatMacWindows(pool), formatMacWindows(pool + 0xfff)],
      interfaceGuid: via.guid,
      layeredOn: guidOf(seed, `hns-layer/${HOST_ADAPTER}`),
      updatedAt: state.createdAt,
    },
  ]
}
