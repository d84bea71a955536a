// The registry of a Windows machine: what its state makes of it, under what people wrote.
import type { KernelError } from '../kernel.ts'
import type { Machine } from '../machine.ts'
import { baseRegistry, type RegistryTree, type RegistryValues } from './registry-base.ts'
import { registryEffect } from './registry-effects.ts'
import type { RegistryData, RegistryKeyView, RegistryKind } from './windows-views.ts'

/** What somebody did to a key. */
type Change = {
  readonly path: string
  /** What was there before is not: the key was removed, and perhaps made again. */
  hidden: boolean
  /** It stands here by somebody's hand. */
  made: boolean
  readonly values: RegistryValues
  readonly gone: Set<string>
}
type StoredChange = {
  readonly path: string
  readonly hidden: boolean
  readonly made: boolean
  readonly values: readonly (readonly [name: string, kind: RegistryKind, data: RegistryData])[]
  readonly gone: readonly string[]
}
export type StoredRegistry = readonly StoredChange[]

/** Keys that people may change; the real limit is the disk. */
const MOST_KEYS = 400
const MOST_DATA = 16_384
/** Roots, and what nobody may take away. */
const ROOTS = ['HKLM', 'HKCU', 'HKCR', 'HKU', 'HKCC']
const PROTECTED = /^(HKLM|HKCU|HKCR|HKU|HKCC)(\\(SYSTEM|SOFTWARE|SAM|SECURITY|HARDWARE|BCD00000000))?$/i

const lower = (text: string): string => text.toLowerCase()

export class Registry {
  private readonly machine: Machine
  private readonly changes: Map<string, Change>
  private readonly changed: () => void

  constructor(machine: Machine, stored: StoredRegistry, changed: () => void) {
    this.machine = machine
    this.changed = changed
    this.changes = new Map(
      stored.map(({ path, hidden, made, values, gone }) => [
        lower(path),
        {
          path,
          hidden,
          made,
          values: new Map(values.map(([name, kind, data]) => [name, [kind, data] as const])),
          gone: new Set(gone),
        },
      ]),
    )
  }

  /** Hidden by itself or by a key above it. */
  private covered(path: string): boolean {
    const at = lower(path)
    for (const [key, { hidden }] of this.changes) if (hidden && (at === key || at.startsWith(`${key}\\`))) return true
    return false
  }

  private tree(): RegistryTree {
    const tree: RegistryTree = new Map()
    const spelled = new Map<string, string>()
    for (const [path, values] of baseRegistry(this.machine)) {
      if (this.covered(path)) continue
      tree.set(path, values)
      spelled.set(lower(path), path)
    }
    for (const change of this.changes.values()) {
      const known = spelled.get(lower(change.path))
      if (known === undefined && !change.made) continue
      const values: RegistryValues = new Map(known === undefined ? [] : tree.get(known))
      for (const name of [...values.keys()]) {
        const here = lower(name)
        if (change.gone.has(here) || [...change.values.keys()].some((each) => lower(each) === here)) values.delete(name)
      }
      for (const [name, value] of change.values) values.set(name, value)
      tree.set(known ?? change.path, values)
      spelled.set(lower(change.path), known ?? change.path)
    }
    return tree
  }

  /** Undefined: there is no such key. */
  key(path: string): RegistryKeyView | undefined {
    const at = lower(path)
    const below = new Map<string, string>()
    let values: RegistryValues | undefined
    let name = path
    for (const [full, each] of this.tree()) {
      const key = lower(full)
      if (key === at) {
        values = each
        name = full
      }
      if (!key.startsWith(`${at}\\`)) continue
      name = values === undefined ? full.slice(0, path.length) : name
      const rest = full.slice(path.length + 1)
      const child = rest.split('\\')[0] as string
      below.set(lower(child), child)
    }
    if (values === undefined && below.size === 0 && !ROOTS.some((root) => lower(root) === at)) return undefined
    return {
      path: name,
      keys: [...below.values()].sort((a, b) => (lower(a) < lower(b) ? -1 : 1)),
      values: [...(values ?? [])].map(([each, [kind, data]]) => ({ name: each, kind, data })),
    }
  }

  /** What stands in a value, as number; undefined when there is none. */
  number(path: string, name: string): number | undefined {
    const own = this.changes.get(lower(path))
    if (own === undefined) return undefined
    for (const [each, [, data]] of own.values) if (lower(each) === lower(name)) return typeof data === 'number' ? data : undefined
    return undefined
  }

  /** Whether somebody took this key away. */
  removed(path: string): boolean {
    return this.covered(path) && this.changes.get(lower(path))?.made !== true
  }

  private at(path: string): Change | undefined {
    const known = this.changes.get(lower(path))
    if (known) return known
    if (this.changes.size >= MOST_KEYS) return undefined
    const made: Change = { path, hidden: false, made: false, values: new Map(), gone: new Set() }
    this.changes.set(lower(path), made)
    return made
  }

  make(path: string): 'ok' | KernelError {
    if (!ROOTS.some((root) => lower(path).startsWith(`${lower(root)}\\`))) return 'access-denied'
    if (this.key(path)) return 'exists'
    const change = this.at(path)
    if (change === undefined) return 'exhausted'
    change.made = true
    this.changed()
    return 'ok'
  }

  /** `not-found`: the key is not there. What stands under it changes the machine where it does so on the real one. */
  set(path: string, name: string, kind: RegistryKind, data: RegistryData): 'ok' | KernelError {
    if (this.key(path) === undefined) return 'not-found'
    if (JSON.stringify(data).length > MOST_DATA) return 'invalid'
    // What the machine's own state tells from now on is not kept here too.
    const told = registryEffect(this.machine, path, name, data)
    const change = this.at(path)
    if (change === undefined) return 'exhausted'
    for (const each of [...change.values.keys()]) if (lower(each) === lower(name)) change.values.delete(each)
    if (!told) change.values.set(name, [kind, data])
    change.gone.delete(lower(name))
    this.changed()
    return 'ok'
  }

  unset(path: string, name: string): 'ok' | KernelError {
    const key = this.key(path)
    if (!key?.values.some((value) => lower(value.name) === lower(name))) return 'not-found'
    const change = this.at(path)
    if (change === undefined) return 'exhausted'
    for (const each of [...change.values.keys()]) if (lower(each) === lower(name)) change.values.delete(each)
    if (!registryEffect(this.machine, path, name, undefined)) change.gone.add(lower(name))
    this.changed()
    return 'ok'
  }

  /** With everything below it. */
  remove(path: string): 'ok' | KernelError {
    const key = this.key(path)
    if (key === undefined) return 'not-found'
    if (PROTECTED.test(path)) return 'access-denied'
    const gone = [...this.tree()].filter(([full]) => lower(full) === lower(path) || lower(full).startsWith(`${lower(path)}\\`))
    for (const at of [...this.changes.keys()])
      if (at === lower(path) || at.startsWith(`${lower(path)}\\`)) this.changes.delete(at)
    const change = this.at(path)
    if (change === undefined) return 'exhausted'
    change.hidden = true
    this.changed()
    for (const [full, values] of gone) for (const name of values.keys()) registryEffect(this.machine, full, name, undefined)
    return 'ok'
  }

  save(): StoredRegistry {
    return [...this.changes.values()].map(({ path, hidden, made, values, gone }) => ({
      path,
      hidden,
      made,
      values: [...values].map(([name, [kind, data]]) => [name, kind, data] as const),
      gone: [...gone],
    }))
  }
}
