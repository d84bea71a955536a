import type { Route } from 'playwright-core'
import { matches, parseFilter } from '../../../durable/engine/wire/filter/index.ts'
import type { AdvanceRequest, ClockChange, PacketPage } from '../../../durable/protocol.ts'
import { packets } from './canned-lab.ts'
import { type CannedTime, causes, explanation, firewallTable, queryAnswer, replay } from './canned-time.ts'

/** What the console asks about time and history; undefined: nothing of that. */
export function answerTime(route: Route, time: CannedTime, replaysSame: boolean) {
  const request = route.request()
  const { pathname, searchParams } = new URL(request.url())
  const path = pathname.replace(/^\/v1\/labs\/[^/]+/, '')
  const json = (value: unknown, status = 200) => route.fulfill({ status, json: value })
  const body = <T>() => request.postDataJSON() as T
  const number = (name: string, otherwise: number) => Number(searchParams.get(name) ?? otherwise)
  if (path === '/clock') return json(request.method() === 'PATCH' ? time.change(body<ClockChange>()) : time.clock())
  if (path === '/advance') return json(time.advance(body<AdvanceRequest>()))
  if (path === '/history') return json(time.history(number('after', 0), number('limit', 100)))
  if (path === '/snapshots') return json(time.snapshot(body<{ name: string }>().name), 201)
  if (path === '/undo') return json(time.back(body<{ line: number }>().line, 'undo'))
  if (path === '/rewind') return json(time.back(body<{ line: number }>().line, 'rewind'))
  if (path === '/fork') return json({ id: 'demo2', title: body<{ title: string }>().title }, 201)
  if (path === '/replay') return json(replay(replaysSame))
  if (path === '/query') return json(queryAnswer)
  if (path === '/packets')
    return filtered(searchParams.get('filter') ?? '', number('after', -1), searchParams.get('command'), json)
  if (path.startsWith('/machines/')) return json(firewallTable)
  if (/^\/jobs\/\d+\/why$/.test(path)) return json(causes)
  const why = /^\/packets\/(\d+)\/why$/.exec(path)
  return why === null ? undefined : json(explanation(Number(why[1]), searchParams.get('path') === '1'))
}

function filtered(text: string, after: number, command: string | null, json: (value: unknown, status?: number) => Promise<void>) {
  const parsed = parseFilter(text)
  if (!parsed.ok) return json({ code: 'bad-filter', field: 'filter', detail: parsed.message }, 400)
  const passes = packets.filter(
    ({ sequence, bytes, time, where, length }) =>
      sequence > after &&
      (command === null || command === '3') &&
      matches(parsed.filter, {
        bytes: Uint8Array.from(Buffer.from(bytes, 'hex')),
        linkType: 'ethernet',
        number: sequence,
        timeMicros: time,
        interfaceName: where,
        length,
      }),
  )
  const page: PacketPage = { packets: passes.map(({ bytes, layers, ...row }) => row), oldest: 0, next: packets.length - 1 }
  return json(page)
}
