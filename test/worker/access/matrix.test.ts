// Every route x everybody x (own, somebody else's, another organisation's object): what is documented is what is answered, and nobody
// learns anything of another organisation. A route without an entry in matrix.ts fails.
import { describe, expect, it } from 'vitest'
import { bodies, forms, NONE, pathOf } from './bodies.ts'
import { matrix, withoutObject } from './matrix.ts'
import { everybody, rules, type Who } from './rules.ts'
import { hosts, newWorld, request, type World } from './world.ts'

type Headers = Readonly<Record<string, string>>
type Got = { readonly status: number; readonly text: string }
type Ids = Readonly<Record<string, string>>

async function ask(route: string, headers: Headers, path: string, ids: Ids): Promise<Got> {
  const [method = ''] = route.split(' ')
  const json = bodies[route]?.(ids)
  const form = forms[route]?.(ids)
  const type = form === undefined ? undefined : { 'content-type': 'application/x-www-form-urlencoded' }
  const socket = path.endsWith('/socket') ? { upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' } : undefined
  const sent = { ...(json !== undefined && { json }), ...(form !== undefined && { body: form }) }
  const answer = await request(path, { method, headers: { ...headers, ...type, ...socket }, ...sent })
  if (answer.webSocket) {
    answer.webSocket.accept()
    answer.webSocket.close()
    return { status: answer.status, text: '' }
  }
  return { status: answer.status, text: await answer.text() }
}

/** As the table writes it; anything that is neither a refusal of access nor a fault is a yes. */
const letter = ({ status }: Got) =>
  status === 403 ? '-' : status === 404 ? '0' : status === 401 ? '1' : status >= 500 && status !== 503 ? '!' : '+'

/** A job of the organisation, for the routes that are about one. */
async function withJob(route: string, world: World): Promise<World> {
  if (!/^\S+ \/v1\/jobs\/\{job\}/.test(route)) return world
  const json = { labs: [world.ids['own']] }
  const made = await request('/v1/grading/jobs', { method: 'POST', headers: world.headers.owner, json })
  world.ids['job'] = ((await made.json()) as { job: { id: string } }).job.id
  return world
}
const worldFor = async (route: string) => withJob(route, await newWorld())
const spent = (route: string, { status }: Got) =>
  status < 300 &&
  (route.startsWith('DELETE') ||
    route.endsWith('/retry') ||
    route.endsWith('/readmit') ||
    route === 'POST /v1/account/organisation')
const nothing = (ids: Ids): Ids => Object.fromEntries(Object.keys(ids).map((name) => [name, NONE]))
const names = (route: string) => [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
/** What may not be in an answer to a stranger. */
const secretsOf = (world: World) => [world.mark, ...Object.values(world.ids).filter((id) => id.length > 8)]
const leaks = (text: string, world: World, said: string) =>
  secretsOf(world).filter((one) => text.includes(one) && !said.includes(one))

/** Asks for something that is not there, below what is. */
function lastGone(route: string, world: World, who: Who, object: string): Promise<Got> {
  const last = names(route).at(-1) ?? ''
  const path = pathOf(route, { ...world.ids, [last]: NONE, [`${object} ${last}`]: NONE }, object)
  return ask(route, world.headers[who], path, world.ids)
}
/** With the ids that were asked for struck out, which an answer may say again. */
const struck = ({ status, text }: Got, { ids }: World): Got => ({
  status,
  text: Object.values(ids).reduce((left, id) => (id.length > 8 ? left.replaceAll(id, NONE) : left), text),
})

const groups = matrix.flatMap(({ rule, scope, routes }) => routes.map((route) => ({ rule, scope, route })))
const closed = groups.filter(({ rule }) => rule !== 'open' && rule !== 'operator')
const others = groups.filter(({ rule }) => rule === 'open' || rule === 'operator')

it('every route of the HTTP interface has an entry, once', async () => {
  const { paths } = (await (await request('/openapi.json')).json()) as { paths: Record<string, object> }
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(groups.map(({ route }) => route).sort()).toEqual(routes.sort())
  const described = (await (await request('/openapi.json')).json()) as Described
  const unsent = closed.filter(({ route }) => wantsJson(described, route) && bodies[route] === undefined)
  expect(unsent).toEqual([])
})
type Described = { paths: Record<string, Record<string, { requestBody?: { content: object } }>> }
function wantsJson({ paths }: Described, route: string): boolean {
  const [method = '', path = ''] = route.split(' ')
  const body = paths[path]?.[method.toLowerCase()]?.requestBody
  return body !== undefined && 'application/json' in body.content
}

describe.each(closed.map((one) => [one.route, one] as const))('%s', (route, { rule: name, scope }) => {
  const rule: { on: Readonly<Record<string, string>>; machine?: string } = rules[name]
  const missing = withoutObject.includes(route)

  it.each(Object.entries(rule.on))('by everybody in the organisation: %s', async (object, wanted) => {
    let world = await worldFor(route)
    const none = pathOf(route, nothing(world.ids), object)
    let found = ''
    for (const who of everybody) {
      const path = pathOf(route, world.ids, object)
      const got = await ask(route, world.headers[who], path, world.ids)
      // Told that there is none, in the same bytes as when there is none: only then is it a 404 for want of a right.
      const hidden = got.status === 404 && path !== none ? await ask(route, world.headers[who], none, world.ids) : got
      const within =
        got.status === 404 && !missing && hidden.text !== got.text ? await lastGone(route, world, who, object) : hidden
      const same = hidden.text === got.text || within.text === got.text
      found += missing && got.status === 404 && (!same || path === none) ? '+' : letter(got)
      if (got.status === 404 && !missing) expect([who, leaks(got.text, world, path), same]).toEqual([who, [], true])
      if (spent(route, got)) world = await worldFor(route)
    }
    expect(found).toBe(wanted)
  })

  it('by keys with one scope each, and by nobody', async () => {
    let world = await worldFor(route)
    const [object = 'it'] = Object.keys(rule.on)
    const wanted = rule.machine ?? (missing ? '0' : '+')
    for (const [key, headers] of Object.entries(world.keys)) {
      const got = await ask(route, world.keys[key] ?? headers, pathOf(route, world.ids, object), world.ids)
      const may = key === scope || (key === 'all' && scope !== 'organisation:write')
      expect([key, letter(got)]).toEqual([key, may ? wanted : '-'])
      if (spent(route, got)) world = await worldFor(route)
    }
    expect(letter(await ask(route, {}, pathOf(route, world.ids, object), world.ids))).toBe('1')
  })

  it.each(Object.entries(rule.on))(
    'by keys that act for each of them: what the person may, with the scope: %s',
    async (object, wanted) => {
      let world = await worldFor(route)
      const none = pathOf(route, nothing(world.ids), object)
      let found = ''
      for (const who of everybody) {
        const path = pathOf(route, world.ids, object)
        const headers = world.personKeys[who]
        const got = await ask(route, headers, path, world.ids)
        const hidden = missing && got.status === 404 && path !== none ? await ask(route, headers, none, world.ids) : got
        found += missing && got.status === 404 && (hidden.text !== got.text || path === none) ? '+' : letter(got)
        if (got.status === 404 && !missing) expect([who, leaks(got.text, world, path)]).toEqual([who, []])
        if (spent(route, got)) world = await worldFor(route)
      }
      expect(found).toBe(scope === 'organisation:write' ? '-'.repeat(everybody.length) : wanted)
    },
  )

  it('by others: not a byte of it', async () => {
    const [ours, theirs] = [await worldFor(route), await newWorld()]
    for (const object of Object.keys(rule.on)) {
      const path = pathOf(route, ours.ids, object)
      const none = pathOf(route, nothing(ours.ids), object)
      for (const headers of [theirs.headers.owner, theirs.keys['all'] as Headers]) {
        const before = hosts.reached.length
        const got = await ask(route, headers, path, ours.ids)
        // What they send themselves may come back; nothing else of it may.
        const said = path + JSON.stringify(bodies[route]?.(ours.ids) ?? '')
        expect(leaks(got.text, ours, said)).toEqual([])
        if (path === none) continue
        expect(['-', '0', '+'].indexOf(letter(got))).toBeLessThan(2)
        expect(got).toEqual(await ask(route, headers, none, ours.ids))
        expect(hosts.reached.length).toBe(before)
      }
    }
  })

  const inner = names(route).slice(1)
  it.runIf(inner.length > 0)('by an owner, of another organisation below something of their own', async () => {
    const [ours, theirs] = [await worldFor(route), await newWorld()]
    for (const object of Object.keys(rule.on)) {
      const own = pathOf(route, ours.ids, object)
      for (const part of inner) {
        const [foreign, gone] = [theirs.ids, nothing(theirs.ids)].map((ids) => {
          const mixed = {
            ...ours.ids,
            [part]: ids[part] ?? '',
            [`${object} ${part}`]: ids[`${object} ${part}`] ?? ids[part] ?? '',
          }
          if (part === 'person') mixed['student'] = ids['student'] ?? ''
          return pathOf(route, mixed, object)
        })
        if (foreign === own || foreign === undefined || gone === undefined) continue
        const got = await ask(route, ours.headers.owner, foreign, ours.ids)
        expect(leaks(got.text, theirs, foreign)).toEqual([])
        expect(got).toEqual(await ask(route, ours.headers.owner, gone, ours.ids))
      }
    }
  })

  const speaks = bodies[route]
  it.runIf(speaks !== undefined)('by an owner whose request names what is another organisation’s', async () => {
    const [ours, theirs] = [await worldFor(route), await newWorld()]
    if (speaks === undefined || JSON.stringify(speaks(theirs.ids)) === JSON.stringify(speaks(nothing(theirs.ids)))) return
    const who = name === 'launch: its person' ? ours.headers.teacher : ours.headers.owner
    const [object = 'it'] = Object.keys(rule.on)
    const path = pathOf(route, ours.ids, object)
    const got = await ask(route, who, path, theirs.ids)
    expect(leaks(got.text, theirs, JSON.stringify(speaks(theirs.ids)))).toEqual([])
    const none = await ask(route, who, path, nothing(theirs.ids))
    expect(struck(got, theirs)).toEqual(none)
  })
})

it.each(others.map((one) => [one.route, one] as const))(
  '%s tells nobody anything of an organisation',
  async (route, { rule }) => {
    const world = await newWorld()
    const path = pathOf(route, world.ids, 'copy')
    for (const headers of [{}, world.headers.owner, world.keys['all'] as Headers]) {
      const got = await ask(route, rule === 'open' ? {} : headers, path, world.ids)
      expect(rule === 'open' ? letter(got) === '!' : letter(got) !== '1').toBe(false)
      expect(leaks(got.text, world, path)).toEqual([])
    }
  },
)
