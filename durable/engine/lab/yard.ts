// Where Hyper-V's machines are built while a lab is used, and taken apart.

import type { Memory, Yard } from '../machine/hyper-v/yard.ts'
import { Machine, type MachineListener, type MachineState } from '../machine/machine.ts'
import { addServices } from '../machine/services.ts'
import type { World } from '../machine/world.ts'
import type { Json } from '../sim/json.ts'
import type { PartRow } from '../sim/part.ts'
import type { Link } from './build.ts'
import type { Shells } from './lab-api.ts'
import { stateOf } from './upgrade.ts'

/** Characters of JSON: a row of a checkpoint's memory must fit a row of the store. */
const MOST_MEMORY = 600_000
/** Terminals and what runs in them are people's, outside of the machine's memory. */
const PEOPLES = new Set(['console', 'console-log', 'process'])

type Around = {
  readonly world: World
  readonly machines: Map<string, Machine>
  readonly links: Link[]
  readonly shells: Shells
  readonly listener: MachineListener
  /** Name of the switch that an adapter is drawn at when it is on none. */
  readonly fabric: () => string
}

export function makeYard({ world, machines, links, shells, listener, fabric }: Around): Yard {
  const partsOf = ({ name }: Machine) =>
    world.sim.parts().filter((part) => part.name === name || part.name.startsWith(`${name}/`))
  return {
    machines,
    build: (definition, memory) => {
      const from = memory === undefined ? world : remembered(world, memory)
      const made = new Machine(from, definition, shells[definition.os], listener)
      machines.set(definition.name, made)
      addServices(made)
      return made
    },
    demolish: (machine) => {
      machine.powerOff()
      for (const part of partsOf(machine)) world.sim.remove(part)
      if (machines.get(machine.name) === machine) machines.delete(machine.name)
    },
    remember: (machine) => {
      const rows = partsOf(machine)
        .filter(({ kind }) => !PEOPLES.has(kind))
        .map((part) => [part.name, JSON.stringify({ kind: part.kind, version: part.version, data: saved(part.save()) })] as const)
      return rows.reduce((sum, [, data]) => sum + data.length, 0) > MOST_MEMORY ? undefined : rows
    },
    link: (adapter) =>
      void links.push({
        name: adapter.cable.name,
        cable: adapter.cable,
        a: {
          get node() {
            return adapter.guest.name
          },
          get port() {
            return adapter.guest.definition.adapters[adapter.at]?.name ?? adapter.via.name
          },
        },
        // Whichever switch it stands on at the moment.
        b: {
          get node() {
            return adapter.standsOn?.name ?? fabric()
          },
          port: adapter.label,
        },
        kind: 'vmbus',
      }),
    unlink: (adapter) => {
      const at = links.findIndex(({ cable }) => cable === adapter.cable)
      if (at >= 0) links.splice(at, 1)
    },
  }
}

/** Of the machine itself: without the processes and terminals that are not remembered. */
function saved(state: Json): Json {
  if (state === null || typeof state !== 'object' || !('pids' in state)) return state
  return { ...(state as unknown as MachineState), pids: [], consoles: [] } as unknown as Json
}

/** The lab's world, where what was stored is what the memory has. */
function remembered(world: World, memory: Memory): World {
  const rows = new Map(memory)
  return {
    ...world,
    stored: <T>(name: string) => {
      const text = rows.get(name)
      if (text === undefined) return undefined
      const { kind, version, data } = JSON.parse(text) as { kind: string; version: number; data: Json }
      return stateOf({ name, kind, version, data: JSON.stringify(data) } satisfies PartRow) as T
    },
  }
}
