import { expect, it } from 'vitest'
import { newKey, newOrganisation, problemOf, service } from '../test/worker/service.ts'

it('health tells whether the database answers, and wakes no lab', async () => {
  const healthy = service()
  const answer = await healthy.request('/health')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
  expect(healthy.labs.hosts.size).toBe(0)

  const down = () => {
    throw new Error('down')
  }
  const broken = { prepare: down } as unknown as D1Database
  expect(await problemOf(await service({ DB: broken }).request('/health'))).toMatchObject({
    status: 503,
    code: 'database-unreachable',
  })
})

it('every answer, good or bad, carries the security headers and stays out of caches', async () => {
  const { request } = service()
  const headers = await newKey(await newOrganisation(), ['labs:read'])
  for (const path of ['/v1/labs', '/v1/labs/none', '/v1/nonsense', '/auth/link/nonsense']) {
    const answer = await request(path, { headers })
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(answer.headers.get('content-security-policy'), path).toContain("default-src 'none'")
    expect(answer.headers.get('strict-transport-security'), path).toContain('max-age')
    expect(answer.headers.get('cache-control'), path).toContain('no-store')
  }
})

it('a method that a route does not have is not found, in JSON', async () => {
  const { request } = service()
  const headers = await newKey(await newOrganisation(), ['labs:read'])
  for (const [method, path] of [
    ['PUT', '/v1/labs'],
    ['POST', '/v1/labs/x/topology'],
    ['DELETE', '/health'],
  ]) {
    expect(await problemOf(await request(path, { method, headers }))).toMatchObject({ status: 404 })
  }
})
