// System calls about network adapters: what drivers and Windows keep of them.
import { parseMac } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { WindowsNetwork } from './windows-network.ts'

export type AdapterView = {
  readonly index: number
  /** By registry keyword: what people set of its advanced properties. */
  readonly properties: { readonly [keyword: string]: string }
  readonly receivedGroup: number
  readonly receivedErrors: number
  readonly receivedDropped: number
  readonly sentErrors: number
  readonly sentDropped: number
}

export interface AdapterCalls {
  adapterDetails(): AdapterView[]
  /** `exists`: another adapter has the name. */
  renameAdapter(index: number, name: string): Outcome
  /** `invalid`: not the address of one adapter. Empty: the one it was made with. */
  setAdapterMac(index: number, mac: string): Outcome
  setAdapterProperty(index: number, keyword: string, value: string | null): Outcome
}

type Kept = { readonly properties?: { readonly [keyword: string]: string } }

const LONGEST_NAME = 256

export function adapterCalls(machine: Machine, network: WindowsNetwork): AdapterCalls {
  const { stack } = machine
  const about = (index: number): string => `adapter/${index}`
  const kept = (index: number): Kept => network.setting<Kept>(about(index)) ?? {}
  return {
    adapterDetails: () =>
      [...stack.interfaces.values()].map((via) => {
        const { properties = {} } = kept(via.index)
        return {
          index: via.index,
          properties,
          receivedGroup: via.receivedGroup,
          receivedErrors: via.receivedErrors,
          receivedDropped: via.receivedDropped,
          sentErrors: via.sentErrors,
          sentDropped: via.sentDropped,
        }
      }),
    renameAdapter: (index, name) => {
      const via = stack.interfaces.get(index)
      if (via === undefined) return failed('not-found')
      if (name === '' || name.length > LONGEST_NAME || /[\\/:*?"<>|\t]/.test(name)) return failed('invalid')
      for (const other of stack.interfaces.values())
        if (other !== via && other.name.toLowerCase() === name.toLowerCase()) return failed('exists')
      via.name = name
      machine.firewall?.changed()
      stack.changed()
      return OK
    },
    setAdapterMac: (index, text) => {
      const via = stack.interfaces.get(index)
      if (via === undefined) return failed('not-found')
      const before = kept(index)
      const first = before.properties?.['@PermanentMac']
      const wanted = parseMac(text === '' ? (first ?? '') : text)
      if (text === '' && first === undefined) return OK
      if (wanted === undefined || wanted === 0 || (Math.floor(wanted / 0x10000000000) & 1) === 1) return failed('invalid')
      const permanent =
        first ??
        via.mac
          .toString(16)
          .padStart(12, '0')
          .replace(/..(?=.)/g, '$&:')
      network.set(about(index), { ...before, properties: { ...before.properties, '@PermanentMac': permanent } })
      via.mac = wanted
      machine.sim.touch(stack)
      return OK
    },
    setAdapterProperty: (index, keyword, value) => {
      if (!stack.interfaces.has(index)) return failed('not-found')
      const before = kept(index)
      const { [keyword]: _, ...others } = before.properties ?? {}
      network.set(about(index), { ...before, properties: value === null ? others : { ...others, [keyword]: value } })
      return OK
    },
  }
}
