import { dateLine, momentOf } from '../calendar.ts'
import type { Answer, Query } from '../dns-query.ts'
import { dataText, dotted } from '../dns-text.ts'
import type { DnsRecord } from '../events.ts'
import type { Io } from '../io.ts'

/** What of an answer dig prints; `+noall` puts all off. */
export type Shown = {
  command: boolean
  comments: boolean
  question: boolean
  answer: boolean
  authority: boolean
  additional: boolean
  statistics: boolean
  short: boolean
}

/** Tabs (and one space where the text is longer) from a column to the next stop. */
function indent(at: number, to: number): string {
  const goal = Math.max(to, at + 1)
  const tabs = Math.floor(goal / 8) - Math.floor(at / 8)
  return tabs > 0 ? '\t'.repeat(tabs) + ' '.repeat(goal % 8) : ' '.repeat(goal - at)
}

function recordLine(record: DnsRecord): string {
  const name = dotted(record.name)
  let at = name.length
  let text = name + indent(at, 24)
  at = Math.max(24, at + 1)
  const ttl = String(record.ttl)
  text += ttl + indent(at + ttl.length, 32)
  at = Math.max(32, at + ttl.length + 1)
  text += `IN${indent(at + 2, 40)}`
  at = Math.max(40, at + 3)
  return `${text}${record.type}${indent(at + record.type.length, 48)}${dataText(record)}\n`
}

function questionLine(query: Query): string {
  const name = dotted(query.name)
  return `;${name}${indent(name.length, 32)}IN\t${query.type}\n`
}

export function printAnswer(io: Io, query: Query, answer: Answer, shown: Shown): void {
  if (shown.short) {
    for (const record of answer.answers) io.out(`${dataText(record)}\n`)
    return
  }
  const options = answer.additionals.filter((record) => record.type === 'OPT')
  const additionals = answer.additionals.filter((record) => record.type !== 'OPT')
  if (shown.comments) {
    io.out(';; Got answer:\n')
    io.out(`;; ->>HEADER<<- opcode: QUERY, status: ${answer.rcode}, id: ${answer.id}\n`)
    io.out(
      `;; flags: ${['qr', ...answer.flags].join(' ')}; QUERY: 1, ANSWER: ${answer.answers.length}, AUTHORITY: ${answer.authorities.length}, ADDITIONAL: ${answer.additionals.length}\n`,
    )
    if (answer.flags.includes('rd') && !answer.flags.includes('ra')) io.out(';; WARNING: recursion requested but not available\n')
    io.out('\n')
    if (options.length > 0) io.out(`;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; ${options[0]?.data || 'udp: 1232'}\n`)
  }
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return
    if (shown.comments) io.out(`;; ${title} SECTION:\n`)
    io.out(lines.join(''))
    if (shown.comments) io.out('\n')
  }
  if (shown.question) section('QUESTION', [questionLine(query)])
  if (shown.answer) section('ANSWER', answer.answers.map(recordLine))
  if (shown.authority) section('AUTHORITY', answer.authorities.map(recordLine))
  if (shown.additional) section('ADDITIONAL', additionals.map(recordLine))
  if (!shown.statistics) return
  io.out(`;; Query time: ${Math.floor(answer.micros / 1000)} msec\n`)
  io.out(`;; SERVER: ${answer.server}#53(${answer.server}) (${answer.tcp ? 'TCP' : 'UDP'})\n`)
  io.out(`;; WHEN: ${dateLine(momentOf(io.kernel.clock()))}\n;; MSG SIZE  rcvd: ${answer.bytes}\n\n`)
}
