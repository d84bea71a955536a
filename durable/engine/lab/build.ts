// From a definition to a world of parts, new or from rows: the composition root of the engine. Everything is made in the
// order of the definition, so that part numbers, and with them the order of events, are the same every time.
import { Cable, type CableState } from '../link/cable.ts'
import { LearningSwitch, type LearningSwitchState } from '../link/learning-switch.ts'
import type { Device } from '../link/port.ts'
import { Recorder } from '../link/recorder.ts'
import { HyperV } from '../machine/hyper-v/hyper-v.ts'
import { Machine, type MachineListener } from '../machine/machine.ts'
import { addServices } from '../machine/services.ts'
import type { World } from '../machine/world.ts'
import type { Part } from '../sim/part.ts'
import { Simulation } from '../sim/simulation.ts'
import type { CableDefinition, LabDefinition, RadioDefinition } from './definition.ts'
import { Jacks } from './jacks.ts'
import type { Shells, StoredLab } from './lab-api.ts'
import { CorruptPart, stateOf } from './upgrade.ts'
import { makeYard } from './yard.ts'

/** A link as a person sees it: its two ends by name. */
export type LinkEnd = { readonly node: string; readonly port: string }
export type Link = {
  readonly name: string
  readonly cable: Cable
  readonly a: LinkEnd
  readonly b: LinkEnd
  readonly kind: 'cable' | 'radio' | 'vmbus'
}

export type Built = {
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly machines: ReadonlyMap<string, Machine>
  readonly switches: ReadonlyMap<string, LearningSwitch>
  readonly links: readonly Link[]
  /** Machines from outside. */
  readonly jacks: Jacks
  /** How many places where packets are seen the definition makes; those after them came while the lab was used. */
  readonly fixedPlaces: number
}

/** Ring sizes: of a lab in use, and of a copy that lives for one trial. */
export const RING = { slots: 2048, bytes: 1 << 18 } as const

export function buildWorld(
  definition: LabDefinition,
  seed: number,
  shells: Shells,
  listener: MachineListener,
  stored?: StoredLab,
  ring: { slots: number; bytes: number } = RING,
): Built {
  const sim = new Simulation(seed)
  const recorder = new Recorder(sim, ring.slots, ring.bytes)
  const rows = new Map(stored?.parts.map((row) => [row.name, row]))
  let lastRead = ''
  const numbers = new Map(Object.entries(stored?.clock.numbers ?? {}))
  const world: World = {
    sim,
    recorder,
    epochMicros: definition.epochMicros,
    zoneMinutes: definition.zoneMinutes,
    stored: <T>(name: string) => {
      const row = rows.get(name)
      if (row === undefined) return undefined
      lastRead = name
      return stateOf(row) as T
    },
    add: <T extends Part>(part: T) => {
      sim.add(part, numbers.get(part.name))
      return part
    },
  }
  if (stored) {
    sim.now = stored.clock.now
    // Parts that are younger than the stored lab are numbered after all that it knew.
    sim.partNumber = stored.clock.nextPart
    sim.lastPacket = stored.clock.lastPacket
    recorder.next = stored.clock.nextSighting
    if (stored.clock.seen) recorder.rate = stored.clock.seen
  }
  try {
    return assemble(world, definition, shells, listener, stored)
  } catch (error) {
    // What goes wrong while a stored lab is put back is the fault of the row that was read last.
    if (stored === undefined || error instanceof CorruptPart) throw error
    throw new CorruptPart(lastRead, error instanceof Error ? error.message : 'its state does not fit')
  } finally {
    // What is made from now on is new, even under a name that once was stored.
    rows.clear()
    numbers.clear()
  }
}

function assemble(
  world: World,
  definition: LabDefinition,
  shells: Shells,
  listener: MachineListener,
  stored: StoredLab | undefined,
): Built {
  const { sim, recorder } = world
  const machines = new Map<string, Machine>()
  for (const machine of definition.machines) machines.set(machine.name, new Machine(world, machine, shells[machine.os], listener))
  const switches = new Map<string, LearningSwitch>()
  for (const { name } of definition.switches)
    switches.set(name, world.add(new LearningSwitch(sim, recorder, name, world.stored<LearningSwitchState>(name))))
  const links: Link[] = [
    ...definition.cables.map((cable) => layCable(world, cable, machines, switches)),
    ...definition.radios.map((radio) => setUpRadio(world, radio, definition, machines, switches)),
  ]
  for (const machine of [...machines.values()]) {
    addServices(machine)
    if (!machine.definition.hyperV) continue
    const around = { world, machines, links, shells, listener, fabric: () => machine.hyperV?.fabric.name ?? '' }
    machine.hyperV = new HyperV(machine, makeYard(around))
  }
  const fixedPlaces = recorder.vantages.length
  // In the order in which they came: their numbers are part of what is seen there.
  for (const [machine, adapter, linkType] of stored?.clock.places ?? []) recorder.vantage(machine, adapter, linkType)
  for (const { hyperV } of [...machines.values()]) hyperV?.layOut()
  const jacks = new Jacks(world, { machines, switches, links }, stored)
  for (const machine of machines.values()) machine.restore()
  // What a part is due for may rest on another one that was put back after it.
  if (stored) for (const part of sim.parts()) sim.touch(part)
  return { sim, recorder, machines, switches, links, jacks, fixedPlaces }
}

type End = {
  readonly device: Device
  readonly port: number
  readonly attach: (attachment: ReturnType<Cable['connect']>[0]) => void
  readonly end: LinkEnd
}

function endOf(text: string, machines: ReadonlyMap<string, Machine>, switches: ReadonlyMap<string, LearningSwitch>): End {
  const slash = text.indexOf('/')
  const name = slash < 0 ? text : text.slice(0, slash)
  const hub = switches.get(name)
  if (hub) {
    const port = hub.addPort()
    return {
      device: hub,
      port,
      attach: (attachment) => hub.attach(port, attachment),
      end: { node: name, port: `port ${port + 1}` },
    }
  }
  const machine = machines.get(name)
  const via = machine?.stack.byName(text.slice(slash + 1))
  if (!machine || !via) throw new Error(`cable end ${text} does not exist`)
  return {
    device: machine.stack,
    port: via.index,
    attach: (attachment) => machine.stack.attach(via.index, attachment),
    end: { node: name, port: via.name },
  }
}

function layCable(
  world: World,
  definition: CableDefinition,
  machines: ReadonlyMap<string, Machine>,
  switches: ReadonlyMap<string, LearningSwitch>,
): Link {
  const { latency, rate, loss = 0 } = definition
  const stored = world.stored<CableState>(definition.name)
  const cable = world.add(new Cable(world.sim, definition.name, { latency, rate, loss }, stored, world.recorder))
  if (!stored) cable.plugged = definition.plugged
  const a = endOf(definition.a, machines, switches)
  const b = endOf(definition.b, machines, switches)
  const [fromA, fromB] = cable.connect(a.device, a.port, b.device, b.port)
  a.attach(fromA)
  b.attach(fromB)
  return { name: definition.name, cable, a: a.end, b: b.end, kind: 'cable' }
}

/** A radio link exists as soon as the access point is in reach, and is up only while the adapter has joined. */
function setUpRadio(
  world: World,
  radio: RadioDefinition,
  definition: LabDefinition,
  machines: ReadonlyMap<string, Machine>,
  switches: ReadonlyMap<string, LearningSwitch>,
): Link {
  const name = `radio/${radio.adapter}/${radio.accessPoint}`
  const stored = world.stored<CableState>(name)
  const cable = world.add(new Cable(world.sim, name, { latency: radio.latency, rate: radio.rate }, stored, world.recorder))
  if (!stored) cable.plugged = false
  const a = endOf(radio.adapter, machines, switches)
  const b = endOf(radio.accessPoint, machines, switches)
  const [fromA, fromB] = cable.connect(a.device, a.port, b.device, b.port)
  b.attach(fromB)
  const machine = machines.get(a.end.node) as Machine
  const wifi = machine.wifis.find((w) => w.via.name === a.end.port)
  const ssid = definition.switches.find((s) => s.name === radio.accessPoint)?.ssid ?? radio.accessPoint
  wifi?.radios.push({ ssid, accessPoint: radio.accessPoint, cable, attachment: fromA })
  return { name, cable, a: a.end, b: b.end, kind: 'radio' }
}
