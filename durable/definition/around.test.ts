import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import home from './around/home.yaml'
import { parseDefinition } from './parse.ts'

const lab = (more: string) => `title: T
summary: S
around: home
machines:
  desk: { os: ubuntu-24.04, adapters: { eth0: {} } }
${more}cables:
  - { between: [desk/eth0, home-switch] }
`

const parsed = (more = '') => {
  const result = parseDefinition(lab(more))
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.definition
}

it('is never changed once it is published: labs that exist are made of it', () => {
  expect(createHash('sha256').update(home).digest('hex').slice(0, 16)).toBe('110c5255bfdcb5b1')
})

it('stands around the own machines, cables and switches', () => {
  const { machines, switches, cables } = parsed()
  expect(machines.map(({ name }) => name)).toEqual(['desk', 'router', 'isp', 'resolver', 'authority', 'www'])
  expect(switches.map(({ name }) => name)).toContain('home-switch')
  expect(cables[0]).toMatchObject({ a: 'desk/eth0', b: 'home-switch' })
  expect(cables.length).toBe(10)
})

it('gives way field by field to what the lab says of the same machine', () => {
  const router = parsed('  router: { hostname: gw, routes: [{ to: 10.0.0.0/8, via: 192.168.3.50 }] }\n').machines.find(
    ({ name }) => name === 'router',
  )
  expect(router).toMatchObject({ hostname: 'gw', os: 'router', routes: [{ to: '10.0.0.0/8', via: '192.168.3.50' }] })
  expect(router?.adapters.map(({ name }) => name)).toEqual(['lan', 'wan'])
})

it('is refused by name, and faults tell lines of the own file', () => {
  expect(parseDefinition(lab('').replace('around: home', 'around: toString'))).toMatchObject({
    ok: false,
    faults: expect.arrayContaining([expect.objectContaining({ line: 3, path: 'around' })]),
  })
  expect(parseDefinition(lab('').replace('home-switch]', 'nowhere]'))).toMatchObject({
    ok: false,
    faults: [{ line: 7, path: 'cables[0].between[1]', reason: 'no switch is named nowhere' }],
  })
})
