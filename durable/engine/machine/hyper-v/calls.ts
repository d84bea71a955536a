import type { Interface } from '../../ip/interface.ts'
import { DEFAULT_SETTINGS } from '../../link/virtual-port/settings.ts'
import type { Micros } from '../../sim/time.ts'
import { formatIp, formatMacBare, formatMacWindows, type Ip4, type Mac } from '../../wire/addresses.ts'
import { guidOf } from '../guid.ts'
import type { HyperVCalls, Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { HnsNetworkView, SwitchView, TeamView, VmAdapterView } from '../views.ts'
import { HOST_ADAPTER, NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import type { HostAdapter } from './host-adapter.ts'
import type { HyperV } from './hyper-v.ts'
import type { SwitchRefusal } from './switch-board.ts'
import { switchName, tellPort } from './switch-events.ts'
import type { Team } from './team.ts'
import { KEY_VALUE, type Vm } from './vm.ts'
import type { VmAdapter } from './vm-adapter.ts'
import { vmCalls } from './vm-calls.ts'
import type { VmSwitch } from './vm-switch.ts'
import { winNatCalls } from './win-nat-calls.ts'
import { WSL_ID, WSL_NAME } from './wsl.ts'

/** DNS proxy 1, DHCP server 2, non-persistent 8 (fact sheet 2.8). */
const HNS_FLAGS = 11
/** 256, DNS proxy 1, non-persistent 8: nobody serves DHCP. */
const WSL_FLAGS = 265

export function hyperVCalls(machine: Machine, hyperV: HyperV): HyperVCalls {
  const switchById = (id: string, act: (it: VmSwitch) => Outcome): Outcome => {
    if (isIcs(id)) return icsRefused(machine)
    const it = hyperV.switchOf(id)
    return it ? act(it) : failed('not-found')
  }
  const physical = (index: number): Interface | undefined => {
    const via = machine.stack.interfaces.get(index)
    return via?.kind === 'ethernet' || via?.kind === 'wifi' ? via : undefined
  }
  const adapterById = (id: string): VmAdapter | undefined =>
    hyperV.vms.flatMap(({ adapters }) => adapters).find((adapter) => adapter.id === id)
  return {
    switches: () => [
      ...(hyperV.hasDefaultSwitch ? [icsSwitch(NETWORK_ID, SWITCH_NAME)] : []),
      ...(hyperV.wsl.fabric ? [icsSwitch(WSL_ID, WSL_NAME)] : []),
      ...hyperV.switches.map(({ id, name, type, notes, uplink, hosts, extensions, team }) => ({
        id: id.toLowerCase(),
        name,
        type,
        netAdapter: uplink?.nic.description ?? '',
        netAdapterGuid: uplink?.nic.guid ?? '',
        shared: hosts.length > 0,
        extensions: extensions ?? null,
        ics: false,
        notes,
        ...(team ? { team: teamView(team) } : {}),
      })),
    ],
    adapters: () => [
      ...hostAdapter(machine, hyperV),
      ...wslAdapter(machine, hyperV),
      ...hyperV.switches.flatMap((it) => it.hosts.map((host) => ownAdapter(it, host))),
      ...hyperV.vms.flatMap((vm) => vm.adapters.map((adapter) => guestAdapter(machine, vm, adapter))),
    ],
    boot: () => hyperV.boot,
    setBoot: (change) => {
      hyperV.boot = { ...hyperV.boot, ...change }
      machine.sim.touch(hyperV)
      return OK
    },
    hnsNetworks: () => [...hnsNetworks(machine, hyperV), ...wslNetwork(machine, hyperV)],
    removeHnsNetwork: (id) => {
      const network = id.toUpperCase()
      if (network === NETWORK_ID && hyperV.removeDefaultSwitch()) return OK
      if (network !== WSL_ID || hyperV.wsl.network === null) return failed('not-found')
      hyperV.wsl.destroy()
      machine.sim.touch(hyperV)
      return OK
    },
    wsl: () => ({ id: WSL_ID.toLowerCase(), version: hyperV.wsl.mirrors ? 1 : 2, running: hyperV.wsl.guest !== undefined }),
    runWsl: () => {
      const done = hyperV.wsl.start(hyperV.hypervisor)
      machine.sim.touch(hyperV)
      return done
    },
    endWsl: () => {
      hyperV.wsl.stop()
      machine.sim.touch(hyperV)
      return OK
    },
    makeSwitch: ({ name, notes, type, nic: index, shared, others: further }) => {
      const nic = index === undefined ? undefined : physical(index)
      if (index !== undefined && nic === undefined) return failed('not-found')
      const others = further?.map(physical)
      if (others?.some((one) => one?.kind !== 'ethernet')) return failed('not-found')
      const team = others && { others: others.filter((one) => one !== undefined) }
      const made = hyperV.board.make(name, notes, { type, nic, shared, ...team })
      machine.sim.touch(hyperV)
      return typeof made === 'string' ? refusedFor(made, nic) : { ok: true, value: made.id.toLowerCase() }
    },
    setSwitch: (id, { name, notes, type, nic: index, shared, extensions }) =>
      switchById(id, (it) => {
        const nic = index === undefined ? undefined : physical(index)
        if (index !== undefined && nic === undefined) return failed('not-found')
        const refused = hyperV.board.change(it, { type, nic, shared })
        if (refused) return refusedFor(refused, nic)
        it.name = name ?? it.name
        it.extensions = extensions ?? it.extensions
        it.notes = notes ?? it.notes
        machine.sim.touch(hyperV)
        return OK
      }),
    removeSwitch: (id) => {
      const done = switchById(id, (it) => {
        if (hyperV.isUsed(it)) return failed('in-use')
        hyperV.removeSwitch(it)
        return OK
      })
      if (!done.ok && done.error !== 'not-found')
        machine.eventLog?.write('switch.remove-failed', switchName(machine, id.toUpperCase()))
      return done
    },
    setTeam: (id, { nics, algorithm }) =>
      switchById(id, (it) => {
        if (it.team === undefined) return failed('invalid')
        const wanted = nics?.map(physical)
        if (wanted?.some((one) => one?.kind !== 'ethernet')) return failed('not-found')
        const refused =
          wanted &&
          hyperV.board.reteam(
            it,
            wanted.filter((one) => one !== undefined),
          )
        if (refused) return refusedFor(refused, undefined)
        if (algorithm) it.team.algorithm = algorithm
        machine.sim.touch(hyperV)
        return OK
      }),
    mapAdapter: (adapterId, nic) => {
      const on =
        adapterById(adapterId)?.switch ??
        hyperV.switches.find(({ hosts }) => hosts.some(({ state }) => state.id === adapterId))?.id
      const team = on ? hyperV.switchOf(on)?.team : undefined
      if (team === undefined || (nic !== null && !team.members.some((one) => one.nic.index === nic))) return failed('invalid')
      if (nic === null) team.mappings.delete(adapterId)
      else team.mappings.set(adapterId, nic)
      machine.sim.touch(hyperV)
      return OK
    },
    ...vmCalls(machine, hyperV),
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
      const { powered } = hyperV.vms.find(({ adapters }) => adapters.includes(adapter)) ?? {}
      if (powered) tellPort(machine, adapter, false)
      adapter.connect(fabric, switchId === null ? null : switchId.toUpperCase())
      if (powered) tellPort(machine, adapter, true)
      machine.sim.touch(hyperV)
      return OK
    },
  }
}

/** The logs hear of it, too. */
export function icsRefused(machine: Machine): Outcome {
  machine.eventLog?.write('switch.ics')
  return failed('ics-switch')
}

/** Switches that HNS made and nobody changes. */
export const isIcs = (id: string): boolean => id.toUpperCase() === NETWORK_ID || id.toUpperCase() === WSL_ID

const icsSwitch = (id: string, name: string): SwitchView => ({
  id: id.toLowerCase(),
  name,
  type: 'Internal',
  netAdapter: '',
  netAdapterGuid: '',
  shared: true,
  extensions: null,
  ics: true,
  notes: '',
})

const teamView = ({ algorithm, members, mappings }: Team): TeamView => ({
  algorithm,
  members: members.map(({ nic: { index, name, description, guid } }) => ({ index, name, description, guid })),
  mappings: [...mappings].map(([adapter, nic]) => ({ adapter, nic })),
})

const refusedFor = (why: SwitchRefusal, nic: Interface | undefined): Outcome =>
  nic === undefined ? failed(why) : failed(why, why === 'in-use' ? nic.description : `{${nic.guid}}`)

export const defaultHostId = (machine: Machine, { defaultSwitch: { state } }: HyperV): string | undefined =>
  state === null ? undefined : guidOf(machine.sim.seed, `host-adapter/${state.createdAt}`)

/** Before Windows 11 the computer's adapter on the Default Switch has another name after every start (fact sheet 1.3.17). */
function hostName({ definition, name, sim }: Machine, createdAt: number): string {
  if (definition.build >= 22_000) return SWITCH_NAME
  return `Container NIC ${guidOf(sim.seed, `container-nic/${name}/${createdAt}`).slice(0, 8).toLowerCase()}`
}

function hostAdapter(machine: Machine, hyperV: HyperV): VmAdapterView[] {
  const { state } = hyperV.defaultSwitch
  if (state === null) return []
  const id = defaultHostId(machine, hyperV) as string
  return [icsAdapter(id, hostName(machine, state.createdAt), NETWORK_ID, SWITCH_NAME, state.mac)]
}

function wslAdapter(machine: Machine, { wsl: { network } }: HyperV): VmAdapterView[] {
  if (network === null) return []
  const id = guidOf(machine.sim.seed, `wsl-adapter/${network.createdAt}`)
  return [icsAdapter(id, WSL_NAME, WSL_ID, WSL_NAME, network.mac)]
}

/** The computer's adapter on a switch that HNS made. */
const icsAdapter = (id: string, name: string, switchId: string, onto: string, mac: Mac): VmAdapterView => ({
  id,
  name,
  managementOs: true,
  vm: '',
  vmId: '',
  switch: onto,
  switchId: switchId.toLowerCase(),
  mac: formatMacBare(mac),
  dynamicMac: true,
  connected: true,
  running: true,
  addresses: [],
  settings: DEFAULT_SETTINGS,
  metered: [],
})

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

function guestAdapter(machine: Machine, vm: Vm, adapter: VmAdapter): VmAdapterView {
  const { id, name, via, cable, settings, more } = adapter
  const running = vm.state === 'Running'
  const addresses = vm.answers(KEY_VALUE) ? [...via.addresses.map((a) => formatIp(a.ip)), via.linkLocal6] : []
  const on = cable.plugged ? adapter.switch : null
  return {
    id,
    name,
    managementOs: false,
    vm: vm.settings.name,
    vmId: vm.id,
    switch: on === null ? '' : switchName(machine, on),
    switchId: on === null ? '' : on.toLowerCase(),
    mac: adapter.mac === 0 ? '' : formatMacBare(adapter.mac),
    dynamicMac: more.staticMac !== true,
    legacy: adapter.legacy,
    deviceNaming: more.deviceNaming ?? false,
    connected: on !== null,
    running,
    addresses,
    settings,
    metered: adapter.metered,
  }
}

function hnsNetworks(machine: Machine, { defaultSwitch }: HyperV): HnsNetworkView[] {
  const { state, via, address } = defaultSwitch
  if (state === null || via === undefined) return []
  const pool = 0x00155d000000 + defaultSwitch.poolStart() * 0x1000
  const prefix = `${formatIp(state.network)}/${state.prefixLength}`
  return [
    hnsNetwork(machine, {
      id: NETWORK_ID,
      name: SWITCH_NAME,
      flags: HNS_FLAGS,
      prefix,
      address,
      mac: state.mac,
      pool,
      via,
      createdAt: state.createdAt,
    }),
  ]
}

function wslNetwork(machine: Machine, { wsl: { network, via, prefix, address } }: HyperV): HnsNetworkView[] {
  if (network === null || via === undefined) return []
  const { mac, pool, createdAt } = network
  return [hnsNetwork(machine, { id: WSL_ID, name: WSL_NAME, flags: WSL_FLAGS, prefix, address, mac, pool, via, createdAt })]
}

type IcsNetwork = {
  readonly id: string
  readonly name: string
  readonly flags: number
  readonly prefix: string
  readonly address: Ip4
  readonly mac: Mac
  readonly pool: Mac
  readonly via: Interface
  readonly createdAt: Micros
}

function hnsNetwork({ sim: { seed } }: Machine, one: IcsNetwork): HnsNetworkView {
  const { id, name, flags, prefix, address, mac, pool, via, createdAt } = one
  // The first network's numbers are drawn as they always were.
  const stamp = id === NETWORK_ID ? `${createdAt}` : `${name}/${createdAt}`
  return {
    id,
    name,
    type: 'ICS',
    flags,
    gatewayMac: formatMacWindows(mac),
    gatewayAddress: formatIp(address),
    addressPrefix: prefix,
    subnetId: guidOf(seed, `hns-subnet/${stamp}`),
    ipSubnetId: guidOf(seed, `hns-ip-subnet/${stamp}`),
    activityId: guidOf(seed, `hns-activity/${stamp}`),
    natName: `ICS${via.guid}`,
    macPool: [formatMacWindows(pool), formatMacWindows(pool + 0xfff)],
    interfaceGuid: via.guid,
    layeredOn: guidOf(seed, `hns-layer/${id === NETWORK_ID ? HOST_ADAPTER : via.name}`),
    updatedAt: createdAt,
  }
}
