import { parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import type { Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { linkNamed, linuxOf } from './kernel-links.ts'
import { tableText } from './tables.ts'

/** `ip route get`: the decision for one destination, as the kernel takes it. */
export function routeGet(args: readonly string[], global: Global, io: Io): number {
  const question = { to: '', from: '', mark: 0, iif: '', oif: '' }
  const fail = (text: string, status: number) => {
    io.err(`${text}\n`)
    return status
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (['from', 'iif', 'oif', 'dev', 'mark'].includes(word)) {
      const value = args[++i]
      if (value === undefined) return fail('Command line is not complete. Try option "help"', 255)
      if (word === 'from') {
        if (parseIp(value) === undefined) return fail(`Error: any valid prefix is expected rather than "${value}".`, 1)
        question.from = value
      } else if (word === 'mark') question.mark = Number(value)
      else {
        if (!linkNamed(io, value)) return fail(`Cannot find device "${value}"`, 1)
        question[word === 'iif' ? 'iif' : 'oif'] = value
      }
    } else if (word === 'to') continue
    else if (['fibmatch', 'uid', 'sport', 'dport', 'ipproto', 'tos', 'vrf', 'notify', 'connected'].includes(word))
      return fail(notSimulated(`ip route get: ${word}`).trimEnd(), 1)
    else {
      const text = word.replace(/\/32$/, '')
      if (parseIp(text) === undefined) return fail(`Error: any valid prefix is expected rather than "${word}".`, 1)
      question.to = text
    }
  }
  if (question.to === '') return fail('need at least a destination address', 255)
  const linux = linuxOf(io)
  const found = linux.findRoute(question)
  if ('error' in found) return fail(`RTNETLINK answers: ${found.error}`, 2)
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
