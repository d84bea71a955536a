import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyScopes } from '../worker/auth/actor.ts'
import { type LocalServer, startServer } from './local-server.ts'
import { organisation, people, seedDemo } from './seed-demo.ts'
import { bundleWorker } from './worker-bundle.ts'

describe('what is deployed', () => {
  it('carries nothing of the demo', async () => {
    const bundle = await bundleWorker()
    const words = [organisation.name, 'seedDemo', 'seed-demo', 'demo-', ...people.flatMap(({ id, name }) => [id, name])]
    for (const word of words) expect(bundle.includes(word), word).toBe(false)
  })

  it('has migrations that write no rows', () => {
    for (const name of readdirSync('migrations/d1').filter((file) => file.endsWith('.sql'))) {
      expect(readFileSync(`migrations/d1/${name}`, 'utf8')).not.toMatch(/\b(insert|replace)\b/i)
    }
  })

  it('starts with an empty database, and nobody can sign in', async () => {
    const server = await startServer({ quiet: true })
    try {
      const db = await server.mf.getD1Database('DB')
      const tables = ['organisation', 'person', 'membership', 'session', 'sign_in_link', 'api_key', 'lab', 'lab_member']
      for (const table of tables) expect((await db.prepare(`select * from ${table}`).all()).results, table).toEqual([])
      expect((await fetch(`${server.url}/auth/session`)).status).toBe(401)
      expect((await fetch(`${server.url}/auth/first-owner`)).status).toBe(404)
    } finally {
      await server.dispose()
    }
  }, 30_000)
})

describe('the demo', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await startServer({ quiet: true, demo: true })
  }, 30_000)
  afterAll(() => server.dispose())

  const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { redirect: 'manual', ...init, headers })
  const open = async (path: string) => (await ask(path, {})).headers.get('set-cookie')?.split(';')[0] ?? ''

  it('gives somebody in every role a link that works again and again, and a key', async () => {
    const { signIn, apiKey } = server.demo!
    expect(signIn.map(({ role }) => role)).toEqual(['teacher', 'student', 'student', 'assistant', 'observer', 'owner'])
    for (const { name, role, path } of signIn) {
      await open(path)
      const session = await ask('/auth/session', { cookie: await open(path) })
      expect(await session.json()).toMatchObject({ person: { name }, role, organisation: { name: organisation.name } })
    }
    const session = await ask('/auth/session', { authorization: `Bearer ${apiKey}` })
    expect(await session.json()).toMatchObject({ role: 'teacher', scopes: [...keyScopes] })
  })

  it('leaves people, sessions and labs alone at the next start', async () => {
    const cookie = await open(server.demo!.signIn[0].path)
    const again = await seedDemo(await server.mf.getD1Database('DB'))
    expect((await ask('/auth/session', { cookie })).status).toBe(200)
    for (const { apiKey, signIn } of [server.demo!, again]) {
      expect((await ask(signIn[0].path, {})).status).toBe(302)
      expect((await ask('/v1/labs', { authorization: `Bearer ${apiKey}` })).status).toBe(200)
    }
  })

  it('lets a page of its own write, over plain loopback', async () => {
    const cookie = await open(server.demo!.signIn[1].path)
    const post = (origin: string) =>
      ask('/v1/labs', { cookie, origin, 'content-type': 'application/json' }, { method: 'POST', body: '{}' })
    expect((await post(server.url)).status).toBe(400)
    expect((await post('http://evil.test')).status).toBe(403)
  })
})
