// The Windows Subsystem for Linux: from build 19041 a machine of its own, on a second network of type ICS behind the computer, that
// Hyper-V's tools do not list; before that the Linux programs run on Windows itself and see its adapters (fact sheet 1.2.23, 1.3.14, 2.8).
import { Interface } from '../../ip/interface.ts'
import { Cable, type CableState } from '../../link/cable.ts'
import { DEFAULT_SETTINGS } from '../../link/virtual-port/settings.ts'
import { VirtualSwitch, type VirtualSwitchState } from '../../link/virtual-switch.ts'
import type { Micros } from '../../sim/time.ts'
import { formatIp, formatMac, type Ip4, type Mac } from '../../wire/addresses.ts'
import type { MachineDefinition } from '../definition.ts'
import type { StoredFile } from '../files.ts'
import { joinUsualGroups } from '../groups.ts'
import { guidOf, stableLinkLocal } from '../guid.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { hnsDnsRules } from '../windows-rules.ts'
import { guestMachine } from './guest-machine.ts'
import { freeAlias, HOST_PORT, VMBUS_LATENCY } from './host-adapter.ts'
import { drawPrefix, type Network } from './prefix.ts'
import { VmAdapter } from './vm-adapter.ts'
import type { Yard } from './yard.ts'

export const WSL_ID = '790E58B4-7939-4434-9358-89AE7DDBE87E'
export const WSL_NAME = 'WSL'
/** The first build that has version 2. */
const MACHINE_BUILD = 19_041
const PREFIX = 20
/** What its link is called besides those of virtual machines. */
const LINK = '(WSL)'
const GUEST_PORT = 1
const HNS_POOL = 0x1000

export type WslNetwork = {
  readonly network: Ip4
  readonly mac: Mac
  /** The first of the 4,096 addresses that its adapters draw from (fact sheet 4.9). */
  readonly pool: Mac
  readonly createdAt: Micros
  readonly index: number
  readonly alias: string
}

export type WslState = {
  /** Null: not used since the computer came up. */
  readonly network: WslNetwork | null
  /** The machine while it runs. */
  readonly guest: MachineDefinition | null
  /** Its disk while it does not. */
  readonly files: readonly StoredFile[]
  readonly starts: number
}

export class Wsl {
  network: WslNetwork | null
  via: Interface | undefined
  guest: Machine | undefined
  fabric: VirtualSwitch | undefined
  private adapter: VmAdapter | undefined
  private cable: Cable | undefined
  private readonly machine: Machine
  private readonly yard: Yard
  private readonly stored: WslState | undefined
  private files: readonly StoredFile[]
  private starts: number

  constructor(machine: Machine, yard: Yard, state: WslState | undefined) {
    this.machine = machine
    this.yard = yard
    this.stored = state
    this.network = state?.network ?? null
    this.files = state?.files ?? []
    this.starts = state?.starts ?? 0
  }

  /** Version 1 has no machine: Windows itself runs the programs. */
  get mirrors(): boolean {
    return this.machine.definition.build < MACHINE_BUILD
  }

  get address(): Ip4 {
    return this.network === null ? 0 : this.network.network + 1
  }

  get inside(): Network[] {
    return this.network === null || !this.machine.runs('SharedAccess')
      ? []
      : [{ network: this.network.network, prefixLength: PREFIX }]
  }

  get prefix(): string {
    return this.network === null ? '' : `${formatIp(this.network.network)}/${PREFIX}`
  }

  /** What it is in the picture: the computer's plug at its switch. */
  get plug(): { readonly cable: string; readonly alias: string; readonly up: boolean } {
    return { cable: this.wire('host'), alias: this.network?.alias ?? '', up: this.via !== undefined }
  }

  private wire(end: string): string {
    return `${this.machine.name}/vmbus/${LINK}/${end}`
  }

  /** After everything that the definition names, when a stored lab is put back. */
  restore(): void {
    const { stored } = this
    if (stored?.network) this.openNetwork(stored.network)
    if (stored?.guest) this.openGuest(stored.guest)
  }

  /** `no-service`: the computer has no hypervisor running; `exhausted`: there is no network left. */
  start(hypervisor: boolean): Outcome {
    if (this.guest) return OK
    if (!this.mirrors) {
      if (!hypervisor || !this.machine.runs('hns')) return failed('no-service')
      if (this.network === null && !this.createNetwork()) return failed('exhausted')
    }
    this.starts++
    const guest = this.openGuest(this.definition())
    guest.files.load(this.files)
    guest.restore()
    this.files = []
    guest.powerOn()
    return OK
  }

  /** `wsl --shutdown`: its network stays until the computer goes down. */
  stop(): void {
    const { guest, adapter } = this
    if (guest === undefined) return
    this.files = guest.files.save()
    if (adapter) {
      this.yard.unlink(adapter)
      adapter.cable.plug(false)
      adapter.remove()
    }
    this.yard.demolish(guest)
    this.guest = undefined
    this.adapter = undefined
  }

  /** The computer goes down, or HNS does: its networks are none that outlive it. */
  destroy(): void {
    const { machine, via, fabric, cable, network } = this
    this.stop()
    if (network) machine.nat?.forget(network.network, PREFIX)
    if (via) {
      machine.stack.removeInterface(via.index)
      machine.manualDns.delete(via.index)
    }
    if (fabric) machine.sim.remove(fabric)
    if (cable) machine.sim.remove(cable)
    this.network = null
    this.via = undefined
    this.fabric = undefined
    this.cable = undefined
  }

  // The network

  private createNetwork(): boolean {
    const { machine } = this
    const { sim, stack } = machine
    const random = sim.random(`${machine.name}/wsl/${machine.boots}`)
    const used = [...stack.interfaces.values()].flatMap((via) => [
      ...via.addresses.map(({ ip, prefixLength }) => ({ network: ip, prefixLength })),
      ...(via.kept?.addresses ?? []).map(([network, prefixLength]) => ({ network, prefixLength })),
    ])
    const network = drawPrefix(random, PREFIX, used)
    if (network === undefined) return false
    const pool = 0x00155d000000 + random.below(0x1000) * HNS_POOL
    const index = Math.max(...stack.interfaces.keys()) + 1
    const alias = freeAlias(machine, `vEthernet (${WSL_NAME})`)
    this.network = { network, mac: pool + random.below(HNS_POOL), pool, createdAt: sim.now, index, alias }
    const via = this.openNetwork(this.network)
    stack.addAddress(via, this.address, PREFIX, 'ics')
    const id = (label: string) => guidOf(sim.seed, `${machine.name}/wsl-rule/${sim.now}/${label}`)
    for (const rule of hnsDnsRules(WSL_ID, this.address, alias, id)) machine.firewall?.add(rule)
    return true
  }

  private openNetwork({ mac, index, alias, createdAt }: WslNetwork): Interface {
    const { machine } = this
    const { sim, stack, world, name } = machine
    const label = `${name}/${alias}/${createdAt}`
    const part = `${name}/switch/${WSL_NAME}`
    const kept = world.stored<VirtualSwitchState>(part)
    const fabric = world.add(new VirtualSwitch(sim, world.recorder, part, name, WSL_NAME, kept))
    const wire = this.wire('host')
    const cable = world.add(new Cable(sim, wire, { latency: VMBUS_LATENCY }, world.stored<CableState>(wire), world.recorder))
    const via = new Interface({
      index,
      name: alias,
      description: `Hyper-V Virtual Ethernet Adapter #${index}`,
      kind: 'virtual',
      guid: guidOf(sim.seed, label),
      mac,
      mtu: 1500,
      metric: 5000,
      speed: 10_000_000_000,
      vantage: world.recorder.vantage(name, alias),
      hidden: true,
      linkLocal6: stableLinkLocal(sim.seed, label),
    })
    via.forwarding = true
    stack.addInterface(via)
    joinUsualGroups(machine, via)
    fabric.addPort(mac, alias, DEFAULT_SETTINGS, HOST_PORT)
    const [intoSwitch, intoHost] = cable.connect(stack, index, fabric, HOST_PORT)
    stack.attach(index, intoSwitch)
    fabric.attach(HOST_PORT, intoHost)
    this.via = via
    this.fabric = fabric
    this.cable = cable
    return via
  }

  // The machine

  /** A fixed address that is another one after every start: nobody serves DHCP there (its flags are 265, fact sheet 2.8). */
  private definition(): MachineDefinition {
    const { machine, network, yard } = this
    const name = yard.machines.has(`${machine.name}-wsl`) ? `${machine.name}-wsl-2` : `${machine.name}-wsl`
    const plain = { ...guestMachine(name, name, { os: 'ubuntu-24.04', build: 0 }), hostname: machine.hostname }
    if (network === null) return plain
    const random = machine.sim.random(`${machine.name}/wsl-machine/${this.starts}`)
    const taken = (mac: Mac) => mac === network.mac
    let mac = network.pool + random.below(HNS_POOL)
    while (taken(mac)) mac = network.pool + random.below(HNS_POOL)
    const hosts = 1 << (32 - PREFIX)
    const gateway = formatIp(this.address)
    return {
      ...plain,
      dnsServers: [gateway],
      adapters: [
        {
          name: 'eth0',
          description: '',
          kind: 'ethernet',
          mac: formatMac(mac),
          address: `${formatIp(network.network + 2 + random.below(hosts - 3))}/${PREFIX}`,
          gateway,
          metric: 0,
          joins: [],
        },
      ],
    }
  }

  private openGuest(definition: MachineDefinition): Machine {
    const { machine, yard, fabric } = this
    const guest = yard.build(definition)
    guest.host = machine
    this.guest = guest
    const via = guest.stack.byName('eth0')
    if (fabric === undefined || via === undefined) return guest
    const state = { name: WSL_NAME, switch: WSL_ID, settings: DEFAULT_SETTINGS }
    this.adapter = new VmAdapter({ machine, vm: `${LINK}/vm`, guest, via, at: 0, port: GUEST_PORT }, state)
    this.adapter.standOn(fabric, WSL_ID)
    this.adapter.setRunning(true)
    yard.link(this.adapter)
    return guest
  }

  /** Undefined: it was never used. */
  save(): WslState | undefined {
    if (this.starts === 0) return undefined
    return { network: this.network, guest: this.guest?.definition ?? null, files: this.files, starts: this.starts }
  }
}
