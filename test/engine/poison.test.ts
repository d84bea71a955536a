// The engine takes time, randomness and bytes as arguments. A whole lab runs while everything else it could ask is poisoned.
import { expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { playWholeLab, type WholeLab } from '../../durable/engine/test-support/whole-lab.ts'
import { catalogue } from '../../labs/index.ts'

const parsed = parseDefinition(catalogue.find(({ slug }) => slug === 'default-switch')?.yaml ?? '')
if (!parsed.ok) throw new Error('the lab is wrong')
const { definition } = parsed

const EXACT = new Set(['abs', 'ceil', 'floor', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'])
const PLATFORM = [
  'Date',
  'Intl',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'crypto',
  'process',
  'Buffer',
  'btoa',
  'atob',
  'TextEncoder',
  'TextDecoder',
  'structuredClone',
] as const
const LOCALE: readonly (readonly [object, string])[] = [
  [Number.prototype, 'toLocaleString'],
  [Array.prototype, 'toLocaleString'],
  [String.prototype, 'localeCompare'],
  [String.prototype, 'toLocaleLowerCase'],
  [String.prototype, 'toLocaleUpperCase'],
  [Promise.prototype, 'then'],
]

/** Runs `work` while nothing of the platform can be touched; all is put back before anybody else needs it. */
function poisoned<T>(work: () => T): T {
  const touched: string[] = []
  const trap = (name: string) => {
    const refuse = (): never => {
      touched.push(name)
      throw new Error(`the engine touched ${name}`)
    }
    // Around a class, so that `new` gets as far as the trap.
    return new Proxy(class {}, { get: refuse, apply: refuse, construct: refuse })
  }
  const undo: (() => void)[] = []
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
    undo.push(() => (before ? Object.defineProperty(owner, name, before) : Reflect.deleteProperty(owner, name)))
  }
  try {
    for (const name of Object.getOwnPropertyNames(Math))
      if (!EXACT.has(name) && typeof Reflect.get(Math, name) === 'function') replace(Math, name, trap(`Math.${name}`))
    for (const [owner, name] of LOCALE) replace(owner, name, trap(name))
    for (const name of PLATFORM) replace(globalThis, name, trap(name))
    return work()
  } finally {
    for (const back of undo.reverse()) back()
    expect(touched).toEqual([])
  }
}

it('the poison works', () => {
  for (const work of [
    () => Math.random(),
    () => Date.now(),
    () => new Date(),
    () => performance.now(),
    () => (1).toLocaleString(),
  ]) {
    let thrown: unknown
    try {
      poisoned(() => {
        try {
          work()
        } catch (error) {
          thrown = error
        }
      })
    } catch {
      // The touch was noted as well.
    }
    expect(String(thrown)).toContain('the engine touched')
  }
})

it('a whole lab runs, and the same, without clock, chance, locale or platform', () => {
  const clean = playWholeLab(definition, 1)
  const bare: WholeLab = poisoned(() => playWholeLab(definition, 1))
  expect(bare.texts).toBe(clean.texts)
  expect(bare.capture).toEqual(clean.capture)
  expect(bare.sightings.length).toBeGreaterThan(500)
})
