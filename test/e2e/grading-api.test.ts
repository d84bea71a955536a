import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MortalService } from './mortal-service.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-grading-'))
const LABS = 8
/** Each is graded so often, so that the power fails in the middle. */
const TIMES = 30
let service: MortalService

type Job = { readonly id: string; readonly state: string; readonly total: number; readonly done: number; readonly failed: number }
type Result = {
  readonly task: number
  readonly lab: string
  readonly digest: string
  readonly attempts: number
  readonly points: number
}

beforeAll(async () => {
  mkdirSync('dist/web', { recursive: true })
  service = await MortalService.start(dataDir)
})
afterAll(async () => {
  await service?.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A program in a process of its own, with the key of the demo organisation. */
function run(file: string, args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const env = { ...process.env, SWITCHROOM_URL: service.url, SWITCHROOM_KEY: service.authorization.replace('Bearer ', '') }
  const child = spawn(process.execPath, ['--import', './scripts/text-hook.mjs', file, ...args], { env })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

describe('the example that grades in CI', () => {
  const folder = 'examples/grade-in-ci'
  const grade = (commands: string) => run(`${folder}/grade.ts`, [`${folder}/lab.yaml`, commands])

  it('passes who has done it: JUnit on the output, and nothing stays behind', async () => {
    const { status, out, err } = await grade(`${folder}/commands.txt`)
    expect(err).toMatch(/3 of 3 points/)
    expect([status, out]).toEqual([0, expect.stringMatching(/^<\?xml[\s\S]*<testsuites [^>]*tests="2" failures="0" errors="0">/)])
    expect((await service.ask<{ labs: unknown[] }>('GET', '/v1/labs')).labs).toEqual([])
  })

  it('fails who has not, and says at which check', async () => {
    const { status, out } = await grade(`${folder}/unfinished.txt`)
    expect(status).toBe(1)
    expect(out).toMatch(/<testcase [^>]*name="The guest reaches the server"[\s\S]*<failure message="0 of 1 points?\./)
  })

  it('says what it could not do', async () => {
    expect(await grade(`${folder}/lab.yaml`)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/line \d+: write CONSOLE> COMMAND/),
    })
    const broken = await run(`${folder}/grade.ts`, [`${folder}/commands.txt`, `${folder}/commands.txt`])
    expect(broken).toMatchObject({ status: 2, err: expect.stringMatching(/commands\.txt, line \d+/) })
  })
})

it('the document of the interface is valid OpenAPI 3.1', async () => {
  const answer = await service.fetch('GET', '/openapi.json')
  const { valid, errors } = await new Validator().validate((await answer.json()) as never)
  expect([valid, JSON.stringify(errors ?? null).slice(0, 2_000)]).toEqual([true, 'null'])
})

it('a job that was under way when the power failed ends all the same, and grades are what they were', async () => {
  const labs: string[] = []
  for (let seed = 1; seed <= LABS; seed++)
    labs.push((await service.ask<{ id: string }>('POST', '/v1/labs', { catalogue: 'default-switch', seed })).id)
  const whole = Array.from({ length: TIMES }, () => labs).flat()
  const start = () => service.ask<{ job: Job }>('POST', '/v1/grading/jobs', { labs: whole })
  const ended = async (id: string) => {
    for (;;) {
      const job = await service.ask<Job>('GET', `/v1/jobs/${id}`)
      if (job.state !== 'running') return job
      await sleep(200)
    }
  }
  const resultsOf = async (id: string) =>
    (await service.ask<{ results: Result[] }>('GET', `/v1/jobs/${id}/results?limit=500`)).results
  const begun = performance.now()
  const calm = (await start()).job
  expect(await ended(calm.id)).toMatchObject({ total: whole.length, done: whole.length, failed: 0 })
  const usual = performance.now() - begun
  const wanted = (await resultsOf(calm.id)).map(({ lab, digest }) => [lab, digest])

  const { job } = await start()
  await sleep(usual * 0.3)
  await service.kill()
  service = await MortalService.start(dataDir)
  expect(await ended(job.id)).toMatchObject({ total: whole.length, done: whole.length, failed: 0 })
  const results = await resultsOf(job.id)
  expect(results.map(({ lab, digest }) => [lab, digest])).toEqual(wanted)
  // What was under way when it failed was begun twice, and nothing else was.
  const twice = results.filter(({ attempts }) => attempts > 1).length
  expect([twice > 0, twice <= 3]).toEqual([true, true])
}, 300_000)
