import { expect, it } from 'vitest'
import { service } from '../test/worker/service.ts'
import { app } from './app.ts'

type Operation = {
  responses: Record<string, unknown>
  parameters?: { in: string; name: string }[]
  requestBody?: unknown
  security?: unknown
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

const document = async () => (await (await service().request('/openapi.json')).json()) as Document

function* references(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') yield inner
    else yield* references(inner)
  }
}

it('every route of the app is in the document, and nothing else', async () => {
  const { paths } = await document()
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const hidden = ['GET /openapi.json', 'GET /auth/first-owner', 'GET /frame/{organisation}/{platform}/*']
  const routed = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .filter((route) => !hidden.includes(route))
  expect([...new Set(described)].sort()).toEqual([...new Set(routed)].sort())
  expect(described.length).toBeGreaterThan(25)
})

it('every reference in it leads somewhere, and the shared schemas are shared', async () => {
  const all = await document()
  expect(all.openapi).toBe('3.1.0')
  const found = [...references(all)]
  for (const reference of found) {
    const target = reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], all)
    expect(target, reference).toBeDefined()
  }
  const names = new Set(found.map((reference) => reference.replace('#/components/schemas/', '')))
  for (const name of [
    'Problem',
    'ExecRequest',
    'ExecAnswer',
    'Topology',
    'CheckReport',
    'PacketPage',
    'PacketDetail',
    'HandAction',
    'Table',
    'Lab',
  ]) {
    expect(names, name).toContain(name)
  }
})

it('every operation tells its path parameters, its security and its problems', async () => {
  const { paths } = await document()
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const told = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)
      expect(told.sort(), `${method} ${path}`).toEqual(wanted.sort())
      if (path.startsWith('/v1/')) {
        const attaches = path.endsWith('/attach')
        const others = path.startsWith('/v1/operator/') ? [{ operator: [] }] : [{ key: [] }, { session: [] }]
        expect(operation.security, path).toEqual(attaches ? [{ portToken: [] }] : others)
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']))
      }
    }
  }
})

it('unknown fields are refused in the document as they are in fact', async () => {
  const { components } = await document()
  for (const name of ['ExecRequest', 'NewLab', 'FirstOwner', 'NewKey']) {
    expect(components.schemas[name], name).toMatchObject({ additionalProperties: false })
  }
})
