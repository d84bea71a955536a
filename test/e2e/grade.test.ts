// The same grade in workerd, after it was killed, and in a fresh Node process that has nothing but the exported file.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GradeReport } from '../../durable/grading/report.ts'
import { MortalService } from './mortal-service.ts'

const rubric = `
total: 20
checks:
  - { id: lease, title: A lease, points: 2, check: has-lease, machine: ubuntu1, subnet: default-switch, from: pc }
  - { id: seen, title: Echo requests, points: 2, check: packets, filter: icmp.type == 8, at: ubuntu1, atLeast: 1 }
  - { id: web, title: The page, points: 3, check: fetches, machine: win1, url: 'http://www.example.com/' }
  - { id: way, title: The way, points: 3, check: path, machine: ubuntu1, target: 192.0.2.80, through: [pc, router, isp] }
  - id: survives
    title: Nine days and a restart
    points: 5
    check: survives
    what: [{ wait: 9d }, { reboot: ubuntu1 }]
    checks: [{ check: has-lease, machine: ubuntu1 }, { check: reaches, machine: ubuntu1, target: www.example.com }]
  - id: untouched
    title: Nothing else was changed
    points: 3
    check: unchanged
    except: ['ubuntu2: *']
  - { id: typed, title: It was looked at, points: 2, check: command-used, machine: ubuntu1, pattern: ip route }
`

let folder: string
let service: MortalService

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchroom-grade-'))
  service = await MortalService.start(join(folder, 'data'))
})
afterAll(async () => {
  await service.kill()
  rmSync(folder, { recursive: true, force: true })
})

function inNode(file: Uint8Array, ...more: readonly string[]): GradeReport {
  const [archive, rules] = [join(folder, 'a.switchroom'), join(folder, 'rubric.yaml')]
  writeFileSync(archive, file)
  writeFileSync(rules, rubric)
  const args = ['scripts/run.mjs', 'scripts/grade.ts', archive, '--rubric', rules, '--json', ...more]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })) as GradeReport
}

it('is equal, to the last byte of its evidence', async () => {
  const { id } = await service.ask<{ id: string }>('POST', '/v1/labs', { catalogue: 'default-switch', seed: 11 })
  const exec = (console: string, line: string) =>
    service.ask('POST', `/v1/labs/${id}/exec`, { console, line, clientId: crypto.randomUUID() })
  await exec('ubuntu1', 'ping -c 2 www.example.com')
  await exec('pc', 'Get-VMNetworkAdapter *')
  await exec('ubuntu1', 'ip route')
  const grade = () => service.ask<GradeReport>('POST', `/v1/labs/${id}/grade`, { rubric })
  const first = await grade()
  expect(first.results.map(({ id, points, message }) => [id, points, message])).toEqual([
    ['lease', 2, expect.any(String)],
    ['seen', 2, expect.any(String)],
    ['web', 3, expect.any(String)],
    ['way', 3, expect.any(String)],
    ['survives', 5, expect.any(String)],
    ['untouched', 3, expect.any(String)],
    ['typed', 2, expect.any(String)],
  ])
  const file = new Uint8Array(await (await service.fetch('GET', `/v1/labs/${id}/export`)).arrayBuffer())
  expect(inNode(file)).toEqual(first)
  const told = join(folder, 'told.json')
  writeFileSync(told, JSON.stringify(first))
  expect(inNode(file, '--against', told)).toEqual(first)
  writeFileSync(told, JSON.stringify({ ...first, chain: '0'.repeat(64), digest: '0'.repeat(64) }))
  expect(() => inNode(file, '--against', told)).toThrow(/The journal is another one/)
  await service.kill()
  service = await MortalService.start(join(folder, 'data'))
  expect((await grade()).digest).toBe(first.digest)
})

it('is refused when the file was changed', async () => {
  const { id } = await service.ask<{ id: string }>('POST', '/v1/labs', { catalogue: 'default-switch', seed: 12 })
  await service.ask('POST', `/v1/labs/${id}/exec`, { console: 'ubuntu1', line: 'ip addr', clientId: crypto.randomUUID() })
  const file = Buffer.from(await (await service.fetch('GET', `/v1/labs/${id}/export`)).arrayBuffer())
  const forged = gzipSync(gunzipSync(file).toString().replace('"line":"ip addr"', '"line":"ip route"'))
  expect(() => inNode(forged)).toThrow(/line 1 \(exec: ip route\)/)
  // Taken for a file of before there were hashes.
  const [, ...rows] = gunzipSync(file)
    .toString()
    .replaceAll(/,"hash":"[0-9a-f]{64}"/g, '')
    .split('\n')
  const stripped = gzipSync(['{"format":"switchroom-lab","version":1}', ...rows].join('\n'))
  expect(() => inNode(stripped)).toThrow(/has no hashes/)
  expect(inNode(stripped, '--without-chain').results.length).toBeGreaterThan(0)
})
