import type { Io } from '../io.ts'
import { INET } from './families.ts'
import type { Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { linuxOf } from './kernel-links.ts'
import { readQuestion, refusedRoute } from './route-question.ts'
import { tableText } from './tables.ts'

/** `ip route get`: the decision for one destination, as the kernel takes it. */
export function routeGet(args: readonly string[], global: Global, io: Io): number {
  const question = readQuestion(args, global, INET, io)
  if (typeof question === 'number') return question
  const linux = linuxOf(io)
  const found = linux.findRoute(question)
  if ('error' in found) return refusedRoute(io, found.error)
  const { route, source, local, broadcast } = found
  const name = linux.links().find((link) => link.index === route.interface)?.name ?? ''
  const uid = io.root ? 0 : 1000
  const table = route.table === 254 || local ? '' : ` table ${tableText(route.table)}`
  const mark = question.mark === 0 ? '' : ` mark 0x${question.mark.toString(16)}`
  const cache = [...(local ? ['local'] : []), ...(broadcast ? ['brd'] : []), ...(route.type === 'multicast' ? ['mc'] : [])]
  if (global.json) {
    const answer: Plain = {
      ...(route.type === 'unicast' ? {} : { type: route.type }),
      dst: question.to,
      ...(route.gateway === '' ? {} : { gateway: route.gateway }),
      dev: name,
      prefsrc: source,
      flags: [],
      uid,
      cache,
    }
    io.out(jsonText([answer], global.pretty))
    return 0
  }
  const type = route.type === 'unicast' ? '' : `${route.type} `
  const via = route.gateway === '' ? '' : ` via ${route.gateway}`
  const from = question.from === '' ? ` src ${source}` : ''
  const asked = question.from === '' ? '' : ` from ${question.from}`
  const iif = question.iif === '' ? '' : ` iif ${question.iif}`
  const tail =
    question.iif === ''
      ? `${mark} uid ${uid} \n    cache ${cache.length > 0 ? `<${cache.join(',')}> ` : ''}`
      : `${mark} \n    cache ${cache.length > 0 ? `<${cache.join(',')}> ` : ''}${iif.trimStart()} `
  io.out(`${type}${question.to}${asked}${via} dev ${name}${table}${from}${tail}\n`)
  return 0
}
