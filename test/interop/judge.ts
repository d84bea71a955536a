// tshark over what went through a port: nothing malformed, no bad checksum, no warning about TCP that nothing explains.
import { execFileSync } from 'node:child_process'

export type Verdict = { readonly frames: number; readonly faults: readonly string[] }

const SUMS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6', 'igmp']
const [WARNING, ERROR] = [0x600000, 0x800000]
const PREFERENCES = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'eth.fcs:Never']

/** What tshark says of a checksum that Linux's own TCP writes once in 65,536 segments: ones for zero, the same in that arithmetic. */
const ONES_FOR_ZERO = '0xffff instead of 0x0000'

/** `explained`: warnings that must be there, as retransmissions where a cable loses frames. */
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
    const fromLab = direction === '1'
    const tell = (what: string) => faults.push(`frame ${number} ${protocols} ${fromLab ? 'from the lab' : 'to it'}: ${what}`)
    const linux = (message: string) => !fromLab && message.includes(ONES_FOR_ZERO)
    if (malformed !== '') tell('malformed')
    const said = messages.split('\x1e')
    sums.forEach((status, at) => {
      if (status.split('\x1e').includes('0') && !said.some(linux)) tell(`bad ${SUMS[at]} checksum`)
    })
    severities.split('\x1e').forEach((severity, at) => {
      const message = said[at] ?? ''
      const grave = Number(severity) >= (protocols?.includes('tcp') ? WARNING : ERROR)
      if (severity !== '' && grave && !explained.test(message) && !linux(message)) tell(message)
    })
  }
  return { frames: rows.length, faults }
}
