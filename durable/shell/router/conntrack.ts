import type { NatSessionView } from '../../engine/machine/views.ts'
import { type Command, type Io, instant, notSimulated } from '../linux/io.ts'

export const conntrack: Command = {
  name: 'conntrack',
  summary: 'conntrack -L lists what the router translates',
  usage: 'conntrack -L',
  completions: ['-L'],
  run: instant(runConntrack),
}

function runConntrack(args: readonly string[], io: Io): number {
  const [verb, ...rest] = args
  if ((verb !== '-L' && verb !== '--dump') || rest.some((word) => word !== 'conntrack')) {
    io.err(notSimulated(`conntrack ${args.join(' ')}`.trim()))
    return 1
  }
  const { now } = io.kernel.clock()
  const sessions = io.kernel.natSessions()
  for (const session of sessions) io.out(`${line(session, Math.max(0, Math.floor((session.expiresAt - now) / 1_000_000)))}\n`)
  io.err(`conntrack v1.4.8 (conntrack-tools): ${sessions.length} flow entries have been shown.\n`)
  return 0
}

const TCP_STATES = { opening: 'SYN_SENT', established: 'ESTABLISHED', closing: 'TIME_WAIT' } as const

/** Both directions of a flow: as the inside sent it, and as answers come back to the outside address. */
function line(session: NatSessionView, left: number): string {
  const { inside, insidePort, outside, outsidePort, remote, remotePort } = session
  const pair = (from: string, to: string) => `src=${from} dst=${to}`
  switch (session.protocol) {
    case 'ICMP':
      return `icmp     1 ${left} ${pair(inside, remote)} type=8 code=0 id=${insidePort} ${pair(remote, outside)} type=0 code=0 id=${outsidePort} mark=0 use=1`
    case 'UDP':
      return `udp      17 ${left} ${pair(inside, remote)} sport=${insidePort} dport=${remotePort} ${pair(remote, outside)} sport=${remotePort} dport=${outsidePort} mark=0 use=1`
    case 'TCP': {
      const assured = session.phase !== 'opening'
      return `tcp      6 ${left} ${TCP_STATES[session.phase]} ${pair(inside, remote)} sport=${insidePort} dport=${remotePort} ${pair(remote, outside)} sport=${remotePort} dport=${outsidePort} ${assured ? '[ASSURED] ' : ''}mark=0 use=1`
    }
    default:
      session.protocol satisfies never
      return ''
  }
}
