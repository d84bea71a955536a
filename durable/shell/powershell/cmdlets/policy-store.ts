// The policy stores of a computer: what it keeps itself, what holds until it is switched off, what a policy of its own says.
import type { KeptStore } from '../../../engine/machine/windows/kept-calls.ts'
import type { Bound, Call } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsValue, property } from '../values/value.ts'

export type Store = KeptStore

/** Stores of Windows itself: there are some on every computer, and nothing is in those of a lab's. */
const OF_WINDOWS = /^(SystemDefaults|StaticServiceStore|ConfigurableServiceStore)$/i

/** `none`: one of Windows itself. Stores of a domain or of another computer decline. */
export function storeNamed(call: Call, parameter: string, given: string): Store | 'none' {
  const wanted = given.toLowerCase()
  if (wanted === 'persistentstore') return 'PersistentStore'
  if (wanted === 'activestore') return 'ActiveStore'
  if (wanted === 'rsop' || wanted === 'localhost' || wanted === call.kernel.identity().hostname.toLowerCase())
    return 'GroupPolicy'
  if (OF_WINDOWS.test(given)) return 'none'
  throw new NotSimulated(
    `-${parameter} ${given}: policy stores of a domain or of another computer are real, but they are not simulated here yet.`,
  )
}

/** What `-PolicyStore` shows: the active store holds what counts, from wherever it is. */
export function inStore<T extends { readonly store: Store }>(call: Call, bound: Bound, items: readonly T[]): T[] {
  const given = bound.text('PolicyStore')
  const wanted = given === undefined ? 'PersistentStore' : storeNamed(call, 'PolicyStore', given)
  if (wanted === 'none') return []
  return wanted === 'ActiveStore' ? [...items] : items.filter(({ store }) => store === wanted)
}

/** Where something new goes; a store of Windows itself takes nothing. */
export function newStore(call: Call, parameter: string, given: string | undefined): Store {
  const store = given === undefined ? 'PersistentStore' : storeNamed(call, parameter, given)
  if (store !== 'none') return store
  return call.fail({
    message: 'Access is denied. ',
    category: 'PermissionDenied',
    target: `${given}:String`,
    exception: 'CimException',
    id: 'Windows System Error 5',
  })
}

export const STORE_SOURCES = { PersistentStore: 'PersistentStore', ActiveStore: 'ActiveStore', GroupPolicy: 'LocalGPO' } as const
export const STORE_TYPES = { PersistentStore: 'Local', ActiveStore: 'Dynamic', GroupPolicy: 'GroupPolicy' } as const

/** The store that an object of the pipeline is from. */
export function storeOf(item: PsValue): Store {
  const type = text(property(item, 'PolicyStoreSourceType') ?? 'Local')
  return type === 'GroupPolicy' ? 'GroupPolicy' : type === 'Dynamic' ? 'ActiveStore' : 'PersistentStore'
}
