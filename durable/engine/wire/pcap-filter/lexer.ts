// Words of the capture filter language (pcap-filter(7)).

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** A name with a backslash before it: never a keyword. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  /** Two to four numbers with dots. */
  | { readonly kind: 'ip4'; readonly text: string }
  | { readonly kind: 'ip6'; readonly text: string }
  | { readonly kind: 'mac'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }

const WORD = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y
const IP6 = /(?:[0-9A-Fa-f]{1,4}:|:(?=:))(?:[0-9A-Fa-f]{0,4}:){1,6}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?/y
const MAC = /[0-9A-Fa-f]{1,2}(?:([:-])[0-9A-Fa-f]{1,2})(?:\1[0-9A-Fa-f]{1,2}){4}(?![0-9A-Fa-f:])/y
const SYMBOL = />=|<=|!=|==|<<|>>|&&|\|\||[-+*/%:[\]<>()&|^=!]/y
const ESCAPED = /\\([^ !()\n\t]+)/y

/** Named numbers: offsets and values of fields. */
const CONSTANTS: { readonly [name: string]: number } = {
  icmptype: 0,
  icmpcode: 1,
  icmp6type: 0,
  icmp6code: 1,
  tcpflags: 13,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-routeradvert': 9,
  'icmp-routersolicit': 10,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
  'icmp-tstamp': 13,
  'icmp-tstampreply': 14,
  'icmp-ireq': 15,
  'icmp-ireqreply': 16,
  'icmp-maskreq': 17,
  'icmp-maskreply': 18,
  'icmp6-destinationunreach': 1,
  'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3,
  'icmp6-parameterproblem': 4,
  'icmp6-echo': 128,
  'icmp6-echoreply': 129,
  'icmp6-multicastlistenerquery': 130,
  'icmp6-multicastlistenerreportv1': 131,
  'icmp6-multicastlistenerdone': 132,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'tcp-ece': 64,
  'tcp-cwr': 128,
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** The tokens, or undefined when a character belongs to none. */
export function tokens(text: string): Token[] | undefined {
  const found: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++
      continue
    }
    const escaped = match(ESCAPED, text, at)
    if (escaped !== null) {
      found.push({ kind: 'name', text: escaped[1] as string })
      at += escaped[0].length
      continue
    }
    const word = match(WORD, text, at)?.[0] ?? ''
    const mac = match(MAC, text, at)?.[0] ?? ''
    const ip6 = match(IP6, text, at)?.[0] ?? ''
    if (mac.length > word.length) {
      found.push({ kind: 'mac', text: mac })
      at += mac.length
    } else if (ip6.length > word.length && ip6.includes(':')) {
      found.push({ kind: 'ip6', text: ip6 })
      at += ip6.length
    } else if (word !== '') {
      found.push(wordToken(word))
      at += word.length
    } else {
      const symbol = match(SYMBOL, text, at)?.[0]
      if (symbol === undefined) return undefined
      found.push({ kind: 'symbol', text: symbol })
      at += symbol.length
    }
  }
  found.push({ kind: 'end' })
  return found
}

function wordToken(text: string): Token {
  const constant = Object.hasOwn(CONSTANTS, text) ? CONSTANTS[text] : undefined
  if (constant !== undefined) return { kind: 'number', value: constant, text }
  if (/^(0[xX][0-9A-Fa-f]+|\d+)$/.test(text)) {
    const octal = /^0[0-7]+$/.test(text)
    return { kind: 'number', value: octal ? Number.parseInt(text, 8) : Number(text), text }
  }
  if (/^\d+(\.\d+){1,3}$/.test(text)) return { kind: 'ip4', text }
  return { kind: 'word', text }
}
