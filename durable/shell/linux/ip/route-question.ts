// The words of `ip route get`, of both families (iproute.c, iproute_get).
import type { IpAddress } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { type Family, unexpected } from './families.ts'
import type { Global } from './global.ts'
import { linkNamed } from './kernel-links.ts'

export type RouteQuestion = {
  readonly to: string
  readonly from: string
  readonly mark: number
  readonly iif: string
  readonly oif: string
}

const TAKES_VALUE = ['from', 'iif', 'oif', 'dev', 'mark']
const REAL = ['fibmatch', 'uid', 'sport', 'dport', 'ipproto', 'tos', 'vrf', 'notify', 'connected']

/** The exit status when it has said what is wrong. */
export function readQuestion<Ip extends IpAddress>(
  args: readonly string[],
  global: Global,
  family: Family<Ip>,
  io: Io,
): RouteQuestion | number {
  const question = { to: '', from: '', mark: 0, iif: '', oif: '' }
  const fail = (text: string, status: number) => {
    io.err(`${text}\n`)
    return status
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (TAKES_VALUE.includes(word)) {
      const value = args[++i]
      if (value === undefined) return fail('Command line is not complete. Try option "help"', 255)
      if (word === 'from') {
        if (family.parse(value) === undefined) return fail(unexpected('prefix', global, family, value), 1)
        question.from = value
      } else if (word === 'mark') question.mark = Number(value)
      else {
        if (!linkNamed(io, value)) return fail(`Cannot find device "${value}"`, 1)
        question[word === 'iif' ? 'iif' : 'oif'] = value
      }
    } else if (word === 'to') continue
    else if (REAL.includes(word)) return fail(notSimulated(`ip route get: ${word}`).trimEnd(), 1)
    else {
      const text = word.endsWith(`/${family.bits}`) ? word.slice(0, -`/${family.bits}`.length) : word
      if (family.parse(text) === undefined) return fail(unexpected('prefix', global, family, word), 1)
      question.to = text
    }
  }
  return question.to === '' ? fail('need at least a destination address', 255) : question
}

/** What the kernel says when no route leads there. */
export function refusedRoute(io: Io, error: string): number {
  io.err(`RTNETLINK answers: ${error}\n`)
  return 2
}
