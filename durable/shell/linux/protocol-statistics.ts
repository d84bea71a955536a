// `netstat -s`: what /proc/net/snmp and /proc/net/snmp6 count, in the words of net-tools (statistics.c). A counter that has no words
// is named by its key, and then only when it counted something; `?` before the words does the same.

type Words = { readonly [counter: string]: string }

const FRAGMENTS: Words = {
  ReasmTimeout: '?# fragments dropped after timeout',
  ReasmReqds: '?# reassemblies required',
  ReasmOKs: '?# packets reassembled ok',
  ReasmFails: '?# packet reassembles failed',
  FragOKs: '?# fragments received ok',
  FragFails: '?# fragments failed',
  FragCreates: '?# fragments created',
}

const IP: Words = {
  DefaultTTL: '',
  InReceives: '# total packets received',
  InHdrErrors: '?# with invalid headers',
  InAddrErrors: '?# with invalid addresses',
  ForwDatagrams: '# forwarded',
  InUnknownProtos: '?# with unknown protocol',
  InDiscards: '# incoming packets discarded',
  InDelivers: '# incoming packets delivered',
  OutForwDatagrams: '# forwarded',
  OutRequests: '# requests sent out',
  OutDiscards: '?# outgoing packets dropped',
  OutNoRoutes: '?# dropped because of missing route',
  ...FRAGMENTS,
}

/** What an ICMP message is called in the histograms; where the two differ, the one that came comes first. */
const ICMP_NAMES: { readonly [name: string]: readonly [heard: string, said?: string] } = {
  DestUnreachs: ['destination unreachable'],
  TimeExcds: ['timeout in transit', 'time exceeded'],
  ParmProbs: ['wrong parameters'],
  SrcQuenchs: ['source quenches', 'source quench'],
  Redirects: ['redirects', 'redirect'],
  Echos: ['echo requests'],
  EchoReps: ['echo replies'],
  Timestamps: ['timestamp request', 'timestamp requests'],
  TimestampReps: ['timestamp reply', 'timestamp replies'],
  AddrMasks: ['address mask request', 'address mask requests'],
  AddrMaskReps: ['address mask replies'],
}

const ICMP6_NAMES: typeof ICMP_NAMES = {
  DestUnreachs: ['destination unreachable'],
  PktTooBigs: ['packets too big'],
  TimeExcds: ['time exceeded'],
  ParmProblems: ['parameter problem'],
  Echos: ['echo requests'],
  EchoReplies: ['echo replies'],
  GroupMembQueries: ['group member queries'],
  GroupMembResponses: ['group member responses'],
  GroupMembReductions: ['group member reductions'],
  RouterSolicits: ['router solicits'],
  RouterAdvertisements: ['router advertisement'],
  NeighborSolicits: ['neighbour solicits', 'neighbor solicits'],
  NeighborAdvertisements: ['neighbour advertisement', 'neighbor advertisements'],
  Redirects: ['redirects'],
}

const TCP: Words = {
  RtoAlgorithm: '',
  RtoMin: '',
  RtoMax: '',
  MaxConn: '',
  ActiveOpens: '# active connection openings',
  PassiveOpens: '# passive connection openings',
  AttemptFails: '# failed connection attempts',
  EstabResets: '# connection resets received',
  CurrEstab: '# connections established',
  InSegs: '# segments received',
  OutSegs: '# segments sent out',
  RetransSegs: '# segments retransmitted',
  InErrs: '# bad segments received',
  OutRsts: '# resets sent',
}

const UDP: Words = {
  InDatagrams: '# packets received',
  NoPorts: '# packets to unknown port received',
  InErrors: '# packet receive errors',
  OutDatagrams: '# packets sent',
}

type Counters = readonly (readonly [name: string, count: number])[]
type Sections = ReadonlyMap<string, Counters>

/** The pairs of lines of /proc/net/snmp. */
function sectionsOf(text: string): Sections {
  const sections = new Map<string, Counters>()
  const lines = text.split('\n').filter((line) => line !== '')
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [title = '', ...names] = lines[at]!.split(' ')
    const [, ...counts] = lines[at + 1]!.split(' ')
    sections.set(
      title.slice(0, -1),
      names.map((name, index) => [name, Number(counts[index])]),
    )
  }
  return sections
}

/** The rows of /proc/net/snmp6 by what their names begin with. */
function sections6Of(text: string): Sections {
  const sections = new Map<string, [string, number][]>()
  for (const line of text.split('\n')) {
    const [, title = '', name = '', count = ''] = /^((?:Ip|Icmp|UdpLite|Udp)6)(\S+)\s+(\d+)/.exec(line) ?? []
    if (title !== '') sections.set(title, [...(sections.get(title) ?? []), [name, Number(count)]])
  }
  return sections
}

function rowText(words: Words, [name, count]: Counters[number], prefix: string, indent: string): string {
  const said = Object.hasOwn(words, name) ? words[name]! : `?${prefix}${name}: #`
  if (said === '' || (said.startsWith('?') && count === 0)) return ''
  return `${indent}${said.replace(/^\?/, '').replace('#', String(count))}\n`
}

const section = (title: string, words: Words, counters: Counters | undefined, prefix = '', indent = '    '): string =>
  `${title}:\n${(counters ?? []).map((row) => rowText(words, row, prefix, indent)).join('')}`

/** Messages with their histograms. The six of them keep the deeper indent once a histogram was begun, as the tool does. */
function icmpSection(title: string, names: typeof ICMP_NAMES, counters: Counters | undefined): string {
  const six = title.endsWith('6')
  let indent = '    '
  let told = ''
  let text = `${title}:\n`
  for (const [name, count] of counters ?? []) {
    const heard = name.startsWith('In')
    const said = names[name.replace(/^In|^Out/, '')]
    if (said !== undefined) {
      const way = heard ? 'input' : 'output'
      if (count === 0) continue
      if (told !== way) {
        text += `${six ? indent : '    '}ICMP ${way} histogram:\n`
        told = way
        indent = '        '
      }
      text += `        ${heard ? said[0] : (said[1] ?? said[0])}: ${count}\n`
      continue
    }
    const words = {
      [`${heard ? 'In' : 'Out'}Msgs`]: `# ICMP messages ${heard ? 'received' : 'sent'}`,
      InErrors: '# input ICMP message failed',
    }
    const more: Words = six ? words : { ...words, OutErrors: '# ICMP messages failed' }
    text += rowText(more, [name, count], six ? title : '', six ? indent : '    ')
  }
  return text
}

/** Which protocols are asked for; none: all of them. */
export type Asked = { readonly tcp: boolean; readonly udp: boolean; readonly raw: boolean }

export function protocolStatistics(snmp: string, asked: Asked): string {
  const all = !asked.tcp && !asked.udp && !asked.raw
  const sections = sectionsOf(snmp)
  const raw = all || asked.raw
  const buffers: Words = { ...UDP, RcvbufErrors: '# receive buffer errors', SndbufErrors: '# send buffer errors' }
  return [
    raw ? section('Ip', IP, sections.get('Ip')) : '',
    raw ? icmpSection('Icmp', ICMP_NAMES, sections.get('Icmp')) : '',
    sections.has('IcmpMsg') ? section('IcmpMsg', {}, sections.get('IcmpMsg'), '', raw ? '        ' : '    ') : '',
    all || asked.tcp ? section('Tcp', TCP, sections.get('Tcp')) : '',
    all || asked.udp ? section('Udp', buffers, sections.get('Udp')) : '',
    'UdpLite:\n',
    all || asked.tcp ? 'TcpExt:\n    0 packet headers predicted\n' : '',
    'IpExt:\n',
  ].join('')
}

export function protocolStatistics6(snmp6: string, snmp: string, asked: Asked): string {
  const all = !asked.tcp && !asked.udp && !asked.raw
  const sections = sections6Of(snmp6)
  return [
    all || asked.raw ? section('Ip6', IP, sections.get('Ip6'), 'Ip6') : '',
    all || asked.raw ? icmpSection('Icmp6', ICMP6_NAMES, sections.get('Icmp6')) : '',
    all || asked.udp ? `${section('Udp6', UDP, sections.get('Udp6'), 'Udp6')}UdpLite6:\n` : '',
    all || asked.tcp ? section('Tcp', TCP, sectionsOf(snmp).get('Tcp')) : '',
  ].join('')
}
