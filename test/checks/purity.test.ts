import { describe, expect, it } from 'vitest'
import { findImpurities, findTimers } from '../../scripts/checks/purity.ts'

const faults = (text: string) => findImpurities('durable/engine/sim/a.ts', text).map((line) => line.replace(/^\S+ {2}/, ''))

describe('purity lint', () => {
  it.each([
    ['a clock', 'export const now = () => Date.now()', 'Date is not allowed'],
    ['a date as a default', 'export const f = (d = new Date()) => d', 'Date is not allowed'],
    ['a date as a type', 'export const f = (d: Date) => d', 'Date is not allowed'],
    ['a date as a type argument', 'export const f = (d: Map<string, Date>) => d', 'Date is not allowed'],
    ['Intl', 'export const f = new Intl.NumberFormat()', 'Intl is not allowed'],
    ['a locale method', 'export const f = (n: number) => n.toLocaleString()', 'toLocaleString depends on the locale'],
    ['localeCompare', 'export const f = (a: string, b: string) => a.localeCompare(b)', 'localeCompare depends'],
    ['Math.random', 'export const f = Math.random()', 'Math.random may differ'],
    ['Math.cbrt', 'export const f = Math.cbrt(3)', 'Math.cbrt may differ'],
    ['a computed member of Math', "export const f = Math['lo' + 'g'](3)", 'Math.... may differ'],
    ['Math taken apart', 'export const { exp } = Math', 'Math.... may differ'],
    ['powers', 'export const f = (x: number) => x ** 0.5', '** is Math.pow'],
    ['performance', 'export const f = performance.now()', 'performance is not allowed'],
    ['a timer', 'setTimeout(() => {}, 1)', 'setTimeout is not allowed'],
    ['a microtask', 'queueMicrotask(() => {})', 'queueMicrotask is not allowed'],
    ['crypto', 'export const f = crypto.randomUUID()', 'crypto is not allowed'],
    ['fetch', "export const f = () => fetch('x')", 'fetch is not allowed'],
    ['console', "console.log('x')", 'console is not allowed'],
    ['process', 'export const f = process.pid', 'process is not allowed'],
    ['the global object', 'export const f = globalThis', 'globalThis is not allowed'],
    ['async', 'export async function f() {}', 'no async functions'],
    ['await', 'export const f = await g\ndeclare const g: number', 'does not await'],
  ])('catches %s', (_what, text, fault) => {
    expect(faults(text).join('\n')).toContain(fault)
  })

  it('names the line', () => {
    expect(findImpurities('durable/shell/a.ts', '\n\nexport const t = Date.now()')[0]).toMatch(/^durable\/shell\/a\.ts:3 /)
  })

  it.each([
    ['comments and strings', "// Date.now()\nexport const f = 'Math.random()'"],
    ['exact arithmetic', 'export const f = (x: number) => Math.imul(Math.trunc(x), 3) + 2 ** 32'],
    ['a simulated process', 'export function f(process: { poll(): void }) { process.poll() }'],
    ['members of the same names', 'export const f = (s: { fetch(): void; process: number }) => { s.fetch(); return s.process }'],
    ['a local of the same name', 'const performance = 3\nexport const f = performance'],
    ['generators', 'export function* f() { yield 1 }'],
  ])('lets pass %s', (_what, text) => {
    expect(faults(text)).toEqual([])
  })
})

describe('timer check', () => {
  it('catches a timer in lab host code', () => {
    expect(findTimers('durable/pacer.ts', 'setInterval(() => {}, 1000)')).toHaveLength(1)
    expect(findTimers('durable/sessions.ts', 'setTimeout(() => {}, 50)')).toHaveLength(1)
    expect(findTimers('durable/pacer.ts', 'setTimeout(() => {}, 50)')).toEqual([])
    expect(findTimers('durable/jobs/rest.ts', 'setTimeout(() => {}, 10)')).toEqual([])
  })
  it('leaves alarms alone', () => {
    expect(findTimers('durable/pacer.ts', 'export const f = (s: DurableObjectStorage) => s.setAlarm(Date.now())')).toEqual([])
  })
})
