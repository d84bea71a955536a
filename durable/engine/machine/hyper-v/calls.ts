import { formatIp, formatMacBare, formatMacWindows } from '../../wire/addresses.ts'
import { guidOf } from '../guid.ts'
import type { HyperVCalls, Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { HnsNetworkView, VmAdapterView } from '../views.ts'
import { HOST_ADAPTER, NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import type { HyperV, Vm } from './hyper-v.ts'

const CONFIGURATION_VERSION = '12.0'
/** DNS proxy 1, DHCP server 2, non-persistent 8 (fact sheet 2.8). */
const HNS_FLAGS = 11

export function hyperVCalls(machine: Machine, hyperV: HyperV): HyperVCalls {
  const vmById = (id: string, act: (vm: Vm) => Outcome): Outcome => {
    const vm = hyperV.vms.find((v) => v.id === id)
    return vm ? act(vm) : failed('not-found')
  }
  return {
    switches: () => [{ id: NETWORK_ID.toLowerCase(), name: SWITCH_NAME, type: 'Internal', netAdapter: '', ics: true, notes: '' }],
    vms: () =>
      hyperV.vms.map((vm) => ({
        id: vm.id,
        name: vm.definition.name,
        state: vm.state,
        memoryBytes: vm.state === 'Running' ? vm.definition.memoryBytes : 0,
        startedAt: vm.state === 'Running' ? vm.startedAt : null,
        generation: vm.definition.generation,
        version: CONFIGURATION_VERSION,
        automaticStop: vm.definition.automaticStop,
        automaticStart: vm.definition.automaticStart,
      })),
    adapters: () => [...hostAdapter(machine, hyperV), ...hyperV.vms.map(guestAdapter)],
    hnsNetworks: () => hnsNetworks(machine, hyperV),
    removeSwitch: (id) => (id.toUpperCase() === NETWORK_ID ? failed('ics-switch') : failed('not-found')),
    startVm: (id) => vmById(id, (vm) => (hyperV.start(vm) ? OK : failed('wrong-state'))),
    stopVm: (id, how) => vmById(id, (vm) => (hyperV.stop(vm, how) ? OK : failed('wrong-state'))),
    resetVm: (id) => vmById(id, (vm) => (hyperV.reset(vm) ? OK : failed('wrong-state'))),
    connectAdapter: (adapterId, switchId) => {
      const vm = hyperV.vms.find((v) => v.adapterId === adapterId)
      if (!vm || (switchId !== null && switchId.toUpperCase() !== NETWORK_ID)) return failed('not-found')
      vm.cable.plug(switchId !== null)
      return OK
    },
  }
}

function hostAdapter(machine: Machine, hyperV: HyperV): VmAdapterView[] {
  const { state } = hyperV.defaultSwitch
  if (state === null) return []
  return [
    {
      id: guidOf(machine.sim.seed, `host-adapter/${state.createdAt}`),
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
    },
  ]
}

function guestAdapter(vm: Vm): VmAdapterView {
  const via = [...vm.guest.stack.interfaces.values()].find((i) => i.kind === 'ethernet')
  const running = vm.state === 'Running'
  const addresses =
    running && vm.definition.reportsAddresses && via ? [...via.addresses.map((a) => formatIp(a.ip)), via.linkLocal6] : []
  return {
    id: vm.adapterId,
    name: 'Network Adapter',
    managementOs: false,
    vm: vm.definition.name,
    vmId: vm.id,
    switch: vm.cable.plugged ? SWITCH_NAME : '',
    switchId: vm.cable.plugged ? NETWORK_ID.toLowerCase() : '',
    mac: formatMacBare(via?.mac ?? 0),
    dynamicMac: true,
    connected: vm.cable.plugged,
    running,
    addresses,
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
