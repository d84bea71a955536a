// What every classic program must do, whatever it is.
import { describe, expect, it } from 'vitest'
import { aliases } from '../powershell/aliases.ts'
import { fakeConsole } from './fake-console.ts'
import { programs } from './index.ts'

const slips = /undefined|\[object |NaN|Switchroom|not a function/
const once = /^[^\n]*(is real, but it|IPv6) is not simulated here yet\.\n$/

function type(line: string): { readonly said: string; readonly code: number; readonly changes: readonly string[] } {
  const console = fakeConsole()
  const said = console.type(line)
  return { said, code: console.code, changes: console.kernel.calls.filter((call) => !call.startsWith('spawn')) }
}

/** PowerShell has an alias of the same name for something else: then the program is meant with its ending. */
const hidden = (name: string): boolean => aliases.has(name)
const wordFor = (name: string): string => (hidden(name) ? `${name}.exe` : name)

describe.each(programs.map((one) => [wordFor(one.name), one] as const))('%s', (name, program) => {
  it('is described', () => {
    expect(program.synopsis).toMatch(/\.$/)
    expect(type(`Get-Help ${name}`).said).toContain(program.synopsis)
    expect(type(`${program.name}.exe`)).toEqual(type(name))
  })

  it('runs without arguments, or says how it is used', () => {
    const { said, changes } = type(name)
    expect(said).not.toBe('')
    expect(said).not.toMatch(slips)
    expect(changes).toEqual([])
  })

  it('answers /? with a word', () => {
    const { said } = type(`${name} /?`)
    expect(said).not.toBe('')
    expect(said).not.toMatch(slips)
  })

  it.each(['/zz', name === 'curl.exe' ? '--zz' : '-zz'])('does not take %s for something real', (option) => {
    const { said, changes } = type(`${name} ${option}`)
    expect(said).not.toBe('')
    expect(said).not.toMatch(/is real, but/)
    expect(said).not.toMatch(slips)
    expect(changes).toEqual([])
  })

  it.runIf(program.options.length > 0).each([...program.options])('acts on "%s"', (option) => {
    const { said } = type(`${name} ${option.replace('ENTRY', '"Campus VPN"')}${name === 'nslookup' ? ' google.co.jp' : ''}`)
    expect(said).not.toMatch(/is real, but|IPv6 is not|Bad option|Invalid option|Invalid argument|unrecognized/)
    expect(said).not.toMatch(slips)
  })

  it.runIf(program.refuses.length > 0).each([...program.refuses])('refuses "%s" in one line', (option) => {
    const { said, code, changes } = type(`${name} ${option}`)
    expect(said).toMatch(once)
    expect(code).toBe(1)
    expect(changes).toEqual([])
  })
})
