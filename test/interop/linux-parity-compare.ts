// How much of what a real namespace printed a simulated guest prints too, line by line.

export type Answer = { readonly line: string; readonly output: string; readonly status: number }
export type Compared = {
  readonly line: string
  readonly lines: number
  readonly agree: number
  readonly status: boolean
  readonly real: readonly string[]
  readonly sim: readonly string[]
}

/** Addresses that both sides were given; every other one is drawn. */
const GIVEN = new Set(['02:00:0a:4d:00:01', '02:00:0a:4d:00:02', '02:00:0a:4d:00:32', '02:00:0a:4d:00:99'])

/** What must differ is taken out: times, drawn link addresses, traffic counters, numbers that programs draw. */
export function masked(line: string, command: string): string {
  let text = line
    .replace(/\b[\da-f]{2}(:[\da-f]{2}){5}\b/gi, (mac) =>
      GIVEN.has(mac.toLowerCase()) || /^(ff|00|01:00:5e|33:33)/i.test(mac) ? mac : '<mac>',
    )
    .replace(/\d+(\.\d+)? ?ms\b/g, '<time>')
    .replace(/= [\d.]+(\/[\d.]+)+ ms/g, '= <times>')
    .replace(/(rtt min\/avg\/max\/mdev = ).*/, '$1<times>')
    .replace(/^# (Generated|Completed).*$/, '# $1')
    .replace(/^((iptables|conntrack)\S* )v\d[\d.]*/, '$1<version>')
  if (/^\s+[\d\s]+$/.test(text) && /^ip (-\w+ )*-s/.test(command)) text = '<counters>'
  if (/^ip (-\w+ )*-d/.test(command)) text = text.replace(/(num[tr]xqueues|gso_\w+|tso_\w+|gro_\w+) \d+/g, '$1 <n>')
  if (/^iptables.*(-v|-save)/.test(command) || command === 'iptables-save')
    text = text
      .replace(/\[\d+:\d+\]/g, '[n:n]')
      .replace(/^\s*\d+[KMG]?\s+\d+[KMG]?\s/, '<n> <n> ')
      .replace(/\d+ packets, \d+ bytes/, '<n>')
  if (/^iptables -L/.test(command)) text = text.replace(/\d+ packets, \d+ bytes/, '<n>')
  if (/^conntrack/.test(command))
    text = text
      .replace(/^(\w+\s+\d+ )\d+ /, '$1<n> ')
      .replace(/\bid=\d+/g, 'id=<n>')
      .replace(/v\d[\d.]*/, 'v<n>')
  if (/^ifconfig/.test(command))
    text = text.replace(/(packets|bytes|errors|dropped) \d+/g, '$1 <n>').replace(/\([\d.]+ \w+\)/g, '(<n>)')
  if (/^ip -s neigh/.test(command)) text = text.replace(/used [\d/]+probes \d+/, 'used <n>probes <n>')
  if (/^netstat -in?$/.test(command))
    text = text.replace(/(?<=\s)\d+(?=\s)/g, (n, at: number) => (at < 20 ? n : '<n>')).replace(/ +/g, ' ')
  if (/^ss -s/.test(command)) text = text.replace(/\d+/g, '<n>').replace(/<n>\s+/g, '<n> ')
  if (/^ping/.test(command)) text = text.replace(/^(ping: )\w+\.\w+/, '$1')
  return text.trimEnd()
}

/** The resolver of a guest listens to names by multicast; nobody in the namespace does. */
const withoutMdns = (output: string): string =>
  output
    .replace(/^.*\b(224\.0\.0\.251|01:00:5e:00:00:fb)$\n/gm, '')
    .replace(/\{"(link|family":"inet","address)":"(224\.0\.0\.251|01:00:5e:00:00:fb)"\},?/g, '')

/** The namespace has no IPv6; what a guest says of it is another comparison's. */
const withoutIp6 = (output: string): string =>
  output
    .replace(/^ +inet6 .*\n.*valid_lft.*\n/gm, '')
    .replace(/^\t(inet6 |link {2}33:33:).*\n/gm, '')
    .replace(/^( +inet6 ).*\n/gm, '')
    .replace(/,?\{"family":"inet6"[^}]*\}/g, '')
    .replace(/\{"link":"33:33[^}]*\},?/g, '')
    .replace(/ (::1|fe80:)[\da-f:]*\/\d+/g, '')

export function compare(real: Answer, sim: Answer): Compared {
  const lines = (answer: Answer) => {
    const output = withoutMdns(withoutIp6(answer.output))
    return (output === '' ? [] : output.replace(/\n$/, '').split('\n')).map((one) => masked(one, real.line))
  }
  const [a, b] = [lines(real), lines(sim)]
  // A command that prints nothing counts as one line: its silence and its exit status.
  const silent = a.length === 0 && b.length === 0
  return {
    line: real.line,
    lines: silent ? 1 : Math.max(a.length, b.length),
    agree: silent ? (real.status === sim.status ? 1 : 0) : common(a, b),
    status: real.status === sim.status,
    real: a,
    sim: b,
  }
}

/** The length of the longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const one of a) {
    const next = [0]
    for (let j = 0; j < b.length; j++)
      next.push(one === b[j] ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number))
    row = next
  }
  return row[b.length] as number
}
