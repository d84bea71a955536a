import { env } from 'cloudflare:workers'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { db as d1, logged, newOrganisation, newPerson, origin, service, signIn } from '../../test/worker/service.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import { personalTables } from '../db/personal-columns.ts'
import type { Env } from '../env.ts'
import { queueOf } from '../jobs/queue-of.ts'

const { LAB_HOST } = env as unknown as Env
type Headers = Record<string, string>

const tablesWith = async (text: string): Promise<string[]> => {
  const tables = await d1
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\'",
    )
    .all<{ name: string }>()
  const found: string[] = []
  for (const { name } of tables.results) {
    const { results } = await d1.prepare(`select * from "${name}"`).all()
    if (JSON.stringify(results).includes(text)) found.push(name)
  }
  return found
}

/** A row in every table where a person can be, with the person in every column that can name one. */
async function fill(organisation: string, person: string, name: string, parents: Record<string, string>): Promise<string[]> {
  const filled: string[] = []
  for (const one of personalTables) {
    const { columns, foreignKeys } = getTableConfig(one.table as SQLiteTable)
    const refers = new Map(
      foreignKeys.flatMap((key) => {
        const { columns, foreignTable } = key.reference()
        return [[columns[0].name, getTableConfig(foreignTable as SQLiteTable).name] as const]
      }),
    )
    const values = columns.map((column) => {
      const target = refers.get(column.name)
      if (one.own.includes(column) || one.mentions.some(({ id }) => id === column)) return person
      if (one.mentions.some(({ name: its }) => its === column)) return name
      if (column === one.holder) return `person:${person}`
      if (target === 'organisation') return organisation
      if (target !== undefined) return parents[target] ?? null
      if (column.notNull === false) return null
      if (column.enumValues) return column.enumValues[0]
      return column.dataType === 'number' || column.dataType === 'boolean' || column.dataType === 'date'
        ? 0
        : column.dataType === 'json'
          ? '[]'
          : randomId()
    })
    const names = columns.map((column) => `"${column.name}"`).join(', ')
    const insert = `insert or ignore into "${one.name}" (${names}) values (${columns.map(() => '?').join(', ')})`
    await d1
      .prepare(insert)
      .bind(...values)
      .run()
    const key = columns.find((column) => column.name === 'id')
    if (key !== undefined) parents[one.name] ??= String(values[columns.indexOf(key)])
    filled.push(one.name)
  }
  return filled
}

async function person(
  ask: (headers: Headers, method: string, path: string, json?: unknown) => Promise<Response>,
  organisation: string,
) {
  const name = `Zoë ${randomId()}`
  const headers = await signIn(organisation, 'student', name)
  const email = `${randomId()}@school.test`
  await ask(headers, 'POST', '/v1/account/password', { password: 'a long enough one', email })
  const { person } = (await (await ask(headers, 'GET', '/auth/session')).json()) as { person: { id: string } }
  return { name, headers, email, id: person.id }
}

it('an erased person is in no table, journal, chat, export or log any more; what others rest on stays', {
  timeout: 120_000,
}, async () => {
  const { request } = service({ LAB_HOST })
  const ask = (headers: Headers, method: string, path: string, json?: unknown) => request(path, { method, headers, json })
  const organisation = await newOrganisation()
  const owner = await signIn(organisation, 'owner', 'Olga')
  const zoe = await person(ask, organisation)
  const lab = async (headers: Headers) =>
    ((await (await ask(headers, 'POST', '/v1/labs', { catalogue: 'default-switch', seed: 1 })).json()) as { id: string }).id
  const [hers, shared] = [await lab(zoe.headers), await lab(owner)]
  const exec = (headers: Headers, line: string) =>
    ask(headers, 'POST', `/v1/labs/${shared}/exec`, { console: 'ubuntu1', line, clientId: randomId() })
  expect((await exec(zoe.headers, 'echo hello from me')).status).toBe(200)
  expect((await exec(owner, 'echo hello from Olga')).status).toBe(200)
  expect((await ask(zoe.headers, 'POST', `/v1/labs/${shared}/chat`, { text: 'a private remark' })).status).toBe(201)
  const fork = await ask(owner, 'POST', `/v1/labs/${shared}/fork`, { title: 'Fork' })
  const forked = ((await fork.json()) as { id: string }).id

  const parents: Record<string, string> = { lab: hers, organisation }
  const tables = await fill(organisation, zoe.id, zoe.name, parents)
  const others = { seed: 1, holder: 'person:other', outcome: 'unsolved', variant: [], missed: [] }
  const proof = {
    draws: { [`person:${zoe.id}`]: 2, 'person:other': 3, 'group:g': 4 },
    without: ['person:other', `person:${zoe.id}`],
    faults: [others, { ...others, holder: `person:${zoe.id}` }],
  }
  await d1
    .prepare("insert into variant_proof values (?, 'r', 'x', 'done', '', 9, 9, 9, 9, 2, ?, ?, ?, '[]', 0, 1, 2)")
    .bind(parents['assignment'], ...[proof.faults, proof.draws, proof.without].map((one) => JSON.stringify(one)))
    .run()
  const by = "'s', 'Somebody', 'session'"
  const entry = `insert into audit (organisation_id, at, actor_id, actor_name, via, action, object_kind, object_id, object_name, detail, address) values (?, 1, ${by}, 'a', ?, ?, ?, ?, '')`
  await d1.prepare(entry).bind(organisation, 'course', 'c', 'Networks', `${zoe.name} (${zoe.id}), student`).run()
  await d1.prepare(entry).bind(organisation, 'submission', parents['submission'], `${zoe.name}, Two rooms`, '3 points').run()
  const queue = queueOf(env as unknown as Env, { organisationId: organisation, jurisdiction: null })
  const payload = { person: zoe.id, name: zoe.name }
  const job = { kind: 'nothing', key: `k.${zoe.id}`, label: 'L', by: zoe.id, data: payload, notBefore: Date.now() + 3_600_000 }
  await queue.enqueue({ organisationId: organisation, jurisdiction: null }, { ...job, tasks: [{ key: zoe.id, payload }] })
  expect(tables.length).toBeGreaterThan(20)

  const mine = await (await ask(zoe.headers, 'GET', '/v1/account/export')).text()
  for (const wanted of [zoe.name, zoe.email, 'echo hello from me', 'a private remark', '"enrolment"', '"submission"'])
    expect(mine).toContain(wanted)
  expect(mine).not.toContain('echo hello from Olga')
  const secrets = [zoe.headers.cookie.split('=')[1], await sha256(zoe.headers.cookie.split('=')[1]), 'a long enough one']
  for (const secret of secrets) expect(mine).not.toContain(secret)
  expect(mine).not.toMatch(/token_?hash|seed_?secret|"secret"|"password":/i)

  const wrong = await ask(owner, 'POST', `/v1/people/${zoe.id}/erase`, { name: 'somebody' })
  expect(wrong.status).toBe(400)
  const done = await ask(owner, 'POST', `/v1/people/${zoe.id}/erase`, { name: zoe.name })
  expect(done.status).toBe(200)
  const { alias, altogether, labsLeft } = (await done.json()) as { alias: string; altogether: boolean; labsLeft: number }
  expect({ altogether, labsLeft }).toEqual({ altogether: true, labsLeft: 0 })
  const proved = await d1
    .prepare('select draws, without, faults from variant_proof where assignment_id = ?')
    .bind(parents['assignment'])
    .first<Record<'draws' | 'without' | 'faults', string>>()
  expect(Object.fromEntries(Object.entries(proved ?? {}).map(([name, text]) => [name, JSON.parse(text)]))).toEqual({
    draws: { 'person:other': 3, 'group:g': 4 },
    without: ['person:other'],
    faults: [others, { ...others, holder: null }],
  })
  const named = await d1
    .prepare("select detail || object_name as said from audit where organisation_id = ? and action = 'a' order by object_kind")
    .bind(organisation)
    .all<{ said: string }>()
  expect(named.results.map(({ said }) => said.replace(/erased:\w+/, 'ID').replaceAll(alias, 'ALIAS'))).toEqual([
    'ALIAS (ID), studentNetworks',
    '3 pointsALIAS, Two rooms',
  ])
  const queued = await queue.jobs({ before: null, limit: 10 })
  const said = JSON.stringify([queued, await queue.tasks(queued[0].id, { after: 0, limit: 10 })])
  expect(said).toContain('erased:')
  for (const trace of [zoe.id, zoe.name]) expect(said).not.toContain(trace)

  for (const trace of [zoe.id, zoe.name, zoe.email]) expect([trace, await tablesWith(trace)]).toEqual([trace, []])
  expect((await ask(zoe.headers, 'GET', '/auth/session')).status).toBe(401)
  expect((await ask(owner, 'GET', `/v1/labs/${hers}`)).status).toBe(404)
  for (const one of [shared, forked]) {
    const journal = await (await ask(owner, 'GET', `/v1/labs/${one}/journal`)).text()
    expect(journal).toContain('echo hello from me')
    expect(journal).toContain(alias)
    expect(journal).not.toContain(zoe.name)
    const file = new Uint8Array(await (await ask(owner, 'GET', `/v1/labs/${one}/export`)).arrayBuffer())
    const text = await readAll(file)
    expect(text).not.toContain(zoe.id)
    expect(text).not.toContain(zoe.name)
    expect(await (await ask(owner, 'GET', `/v1/labs/${one}/chat`)).text()).not.toContain('a private remark')
  }
  expect(logged.join('\n')).not.toContain(zoe.name)
  const signed = await ask({ origin }, 'POST', '/auth/password', { email: zoe.email, password: 'a long enough one' })
  expect(signed.status).toBe(401)
})

/** The file is gzip, or has gzip inside; whatever can be read of it. */
async function readAll(file: Uint8Array): Promise<string> {
  const plain = new TextDecoder().decode(file)
  try {
    const stream = new Blob([file as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
    return plain + (await new Response(stream).text())
  } catch {
    return plain
  }
}

it('erases itself everywhere, but for a member of two organisations an owner erases only theirs', async () => {
  const { request } = service({ LAB_HOST })
  const ask = (headers: Headers, method: string, path: string, json?: unknown) => request(path, { method, headers, json })
  const [one, other] = [await newOrganisation(), await newOrganisation()]
  const owner = await signIn(one, 'owner')
  const ada = await person(ask, one)
  await d1.prepare('insert into membership values (?, ?, ?, ?)').bind(other, ada.id, 'student', 1).run()
  const answer = await ask(owner, 'POST', `/v1/people/${ada.id}/erase`, { name: ada.name })
  expect(await answer.json()).toMatchObject({ altogether: false })
  const signed = await request('/auth/password', {
    method: 'POST',
    headers: { origin },
    json: { email: ada.email, password: 'a long enough one' },
  })
  expect(await signed.json()).toMatchObject({ organisations: [{ id: other }] })
  const headers = { cookie: signed.headers.get('set-cookie')?.split(';')[0] ?? '', origin }
  const gone = await ask(headers, 'POST', '/v1/account/erase', { name: ada.name })
  expect(await gone.json()).toMatchObject({ altogether: true })
  for (const trace of [ada.id, ada.name, ada.email]) expect([trace, await tablesWith(trace)]).toEqual([trace, []])
  await newPerson(one, 'student')
})

it('names every column that can hold a person as the erasure finds it', async () => {
  const schema = await d1
    .prepare("select name, sql from sqlite_master where type = 'table'")
    .all<{ name: string; sql: string | null }>()
  const found = new Set(
    personalTables.flatMap(({ name, own, mentions, holder }) =>
      [...own, ...mentions.map(({ id }) => id), ...(holder ? [holder] : [])].map((column) => `${name}.${column.name}`),
    ),
  )
  // `copy.person_id` says what `copy.holder` says, and goes with its row.
  const known = new Set([...found, 'copy.person_id', 'erasure.person_id', 'identity.person_id'])
  const unknown = schema.results.flatMap(({ name, sql }) =>
    [...(sql ?? '').matchAll(/^\s*`(\w*(?:person|actor|author|teacher|student|owner)_id|\w+_by|holder)`/gm)]
      .map(([, column]) => `${name}.${column}`)
      .filter((one) => !known.has(one)),
  )
  expect(unknown).toEqual([])
})
