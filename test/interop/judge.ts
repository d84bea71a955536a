// tshark over what went through a port: nothing malformed, no bad checksum, no warning about TCP that nothing explains.
import { execFileSync } from 'node:child_process'

export type Verdict = { readonly frames: number; readonly faults: readonly string[] }

const SUMS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6', 'igmp']
const [WARNING, ERROR] = [0x600000, 0x800000]
const PREFERENCES = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'eth.fcs:Never']

/**
 * `explained`: warnings that must be there, as retransmissions where a cable loses frames. Of what the client itself sent only
 * what is malformed is told: it is another's.
 */
export function judge(capture: string, explained: RegExp = /^$/): Verdict {
  const fields = [
    ...['frame.number', 'frame.protocols', 'frame.packet_flags_direction', '_ws.malformed', '_ws.expert.severity'],
    ...['_ws.expert.message', ...SUMS.map((sum) => `${sum}.checksum.status`)],
  ]
  const out = execFileSync(
    'tshark',
    [
      ...['-n', '-r', capture, '-T', 'fields', '-E', 'separator=\x1f', '-E', 'aggregator=\x1e'],
      ...PREFERENCES.flatMap((one) => ['-o', one]),
      ...fields.flatMap((one) => ['-e', one]),
    ],
    { encoding: 'utf8', maxBuffer: 512 << 20, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const rows = out.split('\n').filter((row) => row !== '')
  const faults: string[] = []
  for (const row of rows) {
    const [number, protocols, direction, malformed, severities = '', messages = '', ...sums] = row.split('\x1f')
    const tell = (what: string) =>
      faults.push(`frame ${number} ${protocols} ${direction === '1' ? 'from the lab' : 'to it'}: ${what}`)
    if (malformed !== '') tell('malformed')
    const said = messages.split('\x1e')
    sums.forEach((status, at) => {
      // Linux writes a TCP checksum of zero as ones; the arithmetic is the same.
      const bad = status.split('\x1e').includes('0') && !said.some((one) => one.includes('0xffff instead of 0x0000'))
      if (bad) tell(`bad ${SUMS[at]} checksum`)
    })
    severities.split('\x1e').forEach((severity, at) => {
      const message = said[at] ?? ''
      const grave = Number(severity) >= (protocols?.includes('tcp') ? WARNING : ERROR)
      if (severity !== '' && grave && !explained.test(message)) tell(message)
    })
  }
  return { frames: rows.length, faults }
}
