// Every documented parameter binds: the table of scripts/signatures/ row by row, in the binder and as typed lines.
import { describe, expect, test } from 'vitest'
import { files, moduleText, type Row, rows } from '../../../../scripts/signatures/write.ts'
import { fakeConsole } from '../../windows/fake-console.ts'
import { cmdletNamed } from '../cmdlets/index.ts'
import * as dnsClient from '../signatures/dns-client.ts'
import * as hostNetworkingService from '../signatures/host-networking-service.ts'
import * as hyperV from '../signatures/hyper-v.ts'
import { documented } from '../signatures/index.ts'
import * as netAdapter from '../signatures/net-adapter.ts'
import * as netConnection from '../signatures/net-connection.ts'
import * as netNat from '../signatures/net-nat.ts'
import * as netSecurity from '../signatures/net-security.ts'
import * as netTcpip from '../signatures/net-tcpip.ts'
import { object, type PsValue } from '../values/value.ts'
import { bindLine, findParameter, isOne, type Rules } from './bind.ts'
import { commonParameters, type Parameter } from './signature.ts'

const all = rows()
const module = (name: string) => all.filter((row) => row.module === name)

test('the table has its 5,998 rows', () => expect(all).toHaveLength(5998))

test('the lines are what the generator makes of the table', () => {
  const written = [hyperV, netAdapter, netTcpip, netSecurity, netNat, netConnection, dnsClient, hostNetworkingService]
  const constants = new Map(written.flatMap((one) => Object.entries(one)))
  for (const [name, [, constant]] of Object.entries(files)) expect(moduleText(name)).toContain(String(constants.get(constant)))
})

const known = (row: Row) => {
  const signature = documented.get(row.cmdlet.toLowerCase())?.signature()
  if (signature === undefined) throw new Error(`${row.cmdlet} is not known`)
  const rules: Rules = { signature, defaultSet: 0, classes: {}, works: () => true }
  return { signature, rules, parameter: signature.parameters.find((one) => one.name === row.parameter) as Parameter }
}

const WHOLE = /^U?Int(16|32|64)$|^Byte$/

/** A value that the parameter takes as it stands. */
function sample({ type, accepted }: Row): PsValue {
  const plain = type.replace('[]', '')
  const one: PsValue =
    accepted.length > 0
      ? (accepted.find((word) => word !== '') as string)
      : WHOLE.test(plain)
        ? 7
        : plain === 'Boolean'
          ? true
          : /^(String|Guid|TimeSpan|DateTime|IPAddress|CultureInfo|Uri|Object|PSObject)$/.test(plain)
            ? 'word'
            : plain === 'ScriptBlock'
              ? { kind: 'script', source: '1' }
              : object(`Some.Name.Space.${plain}`, { Name: 'x' })
  return type.endsWith('[]') ? [one, one] : one
}

describe.each(Object.keys(files))('%s', (name) => {
  const own = module(name)

  test('each row is there as it is written', () => {
    for (const row of own) {
      const { signature, parameter } = known(row)
      const type = parameter.flag ? 'SwitchParameter' : `${parameter.type}${parameter.array ? '[]' : ''}`
      const sets = (parameter.sets ?? []).map((set) => signature.sets[set]).sort()
      expect({ ...row, type, sets }, `${row.cmdlet} -${row.parameter}`).toEqual({
        ...row,
        type: row.type,
        sets: [...row.sets].sort(),
        aliases: parameter.aliases,
        accepted: parameter.accepted,
        position: parameter.position,
        mandatory: parameter.mandatory,
        byValue: parameter.byValue,
        byName: parameter.byName,
      })
    }
  })

  test('each binds by its name, its aliases and every beginning that is its own', () => {
    for (const row of own) {
      const { rules, signature, parameter } = known(row)
      const value = parameter.flag ? undefined : sample(row)
      for (const written of [row.parameter, row.parameter.toLowerCase(), ...row.aliases]) {
        const bound = bindLine(rules, [{ kind: 'named', name: written, value }])
        expect('message' in bound ? bound.message : [...bound.values.keys()], `${row.cmdlet} -${written}`).toEqual([parameter])
        if (!('message' in bound)) expect(bound.values.get(parameter)).toEqual(parameter.flag ? true : value)
      }
      const names = [...signature.parameters, ...commonParameters].flatMap((one) => [
        one,
        ...one.aliases.map((alias) => ({ ...one, name: alias, of: one })),
      ])
      for (let length = 1; length < row.parameter.length; length++) {
        const begin = row.parameter.slice(0, length).toLowerCase()
        const fits = names.filter((one) => one.name.toLowerCase().startsWith(begin))
        const exact = names.filter((one) => one.name.toLowerCase() === begin)
        const found = findParameter(signature, begin)
        if (exact.length === 0 && fits.length === 1) expect(found, `${row.cmdlet} -${begin}`).toBe(parameter)
        else if (exact.length === 0 && fits.every((one) => signature.parameters.includes(one)))
          expect(isOne(found) ? [found.name] : found.map((one) => one.name)).toContain(row.parameter)
      }
    }
  })

  test('each takes the words it accepts, and no others', () => {
    for (const row of own) {
      const { rules } = known(row)
      for (const word of row.accepted.filter((one) => one !== ''))
        expect(
          bindLine(rules, [{ kind: 'named', name: row.parameter, value: word.toUpperCase() }]),
          `${row.cmdlet} -${row.parameter} ${word}`,
        ).not.toHaveProperty('message')
      if (row.accepted.length === 0) continue
      const refused = bindLine(rules, [{ kind: 'named', name: row.parameter, value: 'NoSuchWord' }])
      expect('message' in refused ? refused.message : '').toMatch(/^Cannot (validate argument on|bind) parameter/)
    }
  })

  test('each refuses what is not of its type', () => {
    for (const row of own) {
      if (row.accepted.length > 0) continue
      const plain = row.type.replace('[]', '')
      const wrong = WHOLE.test(plain) || plain === 'Boolean' ? 'abc' : undefined
      if (wrong === undefined) continue
      const refused = bindLine(known(row).rules, [{ kind: 'named', name: row.parameter, value: wrong }])
      expect('message' in refused ? refused.message : '', `${row.cmdlet} -${row.parameter}`).toContain(
        `Cannot bind parameter '${row.parameter}'. Cannot convert value "abc"`,
      )
    }
  })

  test('each that has a position is found there', () => {
    for (const row of own) {
      // A switch has one on paper; PowerShell gives it no values.
      if (row.position === undefined || row.type === 'SwitchParameter') continue
      const { rules, signature, parameter } = known(row)
      const sets = parameter.sets ?? (signature.sets.length === 0 ? [-1] : signature.sets.map((_, set) => set))
      const reached = sets.some((set) => {
        const before = signature.parameters
          .filter((one) => one.position !== undefined && one.position < (parameter.position ?? 0))
          .filter((one) => set < 0 || one.sets === undefined || one.sets.includes(set))
        const given = before.map((one) => ({
          kind: 'named' as const,
          name: one.name,
          value: sample({ ...row, type: `${one.type}${one.array ? '[]' : ''}`, accepted: one.accepted }),
        }))
        // What else stands at the same place in this set is given by its name.
        const bound = bindLine({ ...rules, defaultSet: set }, [...given, { kind: 'value', value: sample(row) }])
        return !('message' in bound) && bound.values.has(parameter)
      })
      expect(reached, `${row.cmdlet} @${row.position} ${row.parameter}`).toBe(true)
    }
  })
})

describe('as typed lines', () => {
  const typed = ({ type, accepted }: Row): string => {
    if (type === 'SwitchParameter') return ''
    const plain = type.replace('[]', '')
    if (accepted.length > 0) return accepted.find((word) => word !== '') as string
    if (WHOLE.test(plain)) return '7'
    if (plain === 'Boolean') return '$true'
    if (plain === 'ScriptBlock') return '{ 1 }'
    return /^(String|Guid|TimeSpan|DateTime|IPAddress|CultureInfo|Uri|Object|PSObject)$/.test(plain)
      ? 'word'
      : '([pscustomobject]@{ Name = 1 })'
  }

  test('a cmdlet without behaviour says so, whatever parameter it is given', () => {
    const console = fakeConsole()
    const silent = all.filter((row) => cmdletNamed(row.cmdlet) === undefined)
    expect(silent.length).toBeGreaterThan(0)
    for (const row of silent)
      expect(console.type(`${row.cmdlet} -${row.parameter} ${typed(row)}`)).toBe(
        `${row.cmdlet}: this is a real command, but it is not simulated here yet.\n`,
      )
  })

  test('one that nobody documents is refused by its name', () => {
    const console = fakeConsole()
    for (const { name } of documented.values())
      expect(console.type(`${name} -NoSuchThing 1`)).toContain(
        `${name} : A parameter cannot be found that matches parameter name 'NoSuchThing'.`,
      )
  })
})
