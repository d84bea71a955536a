// The grammar of capture filters as libpcap's has it: `and` and `or` bind equally and to the left, a name without qualifiers
// takes those of the name before it.
import type { Ip4 } from '../addresses.ts'
import { type ArithmeticOp, and, compare, type LinkLayer, not, or, type Relation, type Test, type Value } from './ast.ts'
import { calculate } from './evaluate.ts'
import { FilterError } from './filter-error.ts'
import { identifier, type Qualifiers } from './identifier.ts'
import { type Token, tokens } from './lexer.ts'
import * as primitives from './primitives.ts'
import { protocolTest, protocolValue } from './protocols.ts'

export type FilterContext = {
  readonly link: LinkLayer
  /** The addresses of names, looked up before. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
  /** The mask of the interface's network; undefined for a file. */
  readonly netmask: Ip4 | undefined
  /** Whether the direction of packets is known. */
  readonly live: boolean
}

const PROTOCOL_WORDS: ReadonlySet<string> = new Set(
  'ether link ppp arp rarp ip sctp tcp udp icmp igmp igrp pim vrrp carp ip6 icmp6 ah esp atalk aarp decnet lat sca moprc mopdl stp ipx netbeui iso radio'.split(
    ' ',
  ),
)
const TYPE_WORDS: ReadonlySet<string> = new Set(['host', 'net', 'port', 'portrange', 'proto', 'gateway', 'protochain'])
const KEYWORDS: ReadonlySet<string> = new Set([
  ...PROTOCOL_WORDS,
  ...TYPE_WORDS,
  ...'src dst and or not less greater byte broadcast multicast len length inbound outbound vlan mpls pppoed pppoes mask ifindex'.split(
    ' ',
  ),
])

type Parsed = { readonly test: Test; readonly qualifiers: Qualifiers | undefined }

const syntax = (): FilterError => new FilterError("can't parse filter expression: syntax error")
const LEVELS: readonly (readonly string[])[] = [['|'], ['&', '^'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']]
const RELATIONS: ReadonlySet<string> = new Set(['>', '>=', '=', '==', '!=', '<', '<='])
/** Expressions nest no deeper than this. */
const DEEPEST = 200

export class FilterParser {
  private readonly list: readonly Token[]
  private readonly context: FilterContext
  private at = 0
  private shift = 0
  private depth = 0

  constructor(text: string, context: FilterContext) {
    const list = tokens(text)
    if (list === undefined) throw syntax()
    this.list = list
    this.context = context
  }

  parse(): Test | undefined {
    if (this.next.kind === 'end') return undefined
    const { test } = this.expression(undefined)
    if (this.at < this.list.length - 1) throw syntax()
    return test
  }

  private get next(): Token {
    return this.list[this.at] as Token
  }
  private isWord(...words: string[]): boolean {
    return this.next.kind === 'word' && words.includes(this.next.text)
  }
  private isSymbol(...symbols: string[]): boolean {
    return this.next.kind === 'symbol' && symbols.includes(this.next.text)
  }
  private take(): Token {
    const token = this.next
    if (token.kind !== 'end') this.at++
    return token
  }
  private expectSymbol(symbol: string): void {
    if (!this.isSymbol(symbol)) throw syntax()
    this.at++
  }
  private get isNot(): boolean {
    return this.isWord('not') || this.isSymbol('!')
  }

  private joiner(): 'and' | 'or' | undefined {
    if (this.isWord('and') || this.isSymbol('&&')) return 'and'
    return this.isWord('or') || this.isSymbol('||') ? 'or' : undefined
  }

  private expression(inherited: Qualifiers | undefined): Parsed {
    if (++this.depth > DEEPEST) throw new FilterError('filter expression nests too deeply')
    let left = this.term(inherited)
    for (let how = this.joiner(); how !== undefined; how = this.joiner()) {
      this.at++
      const right = this.term(left.qualifiers)
      left = { test: (how === 'and' ? and : or)(left.test, right.test), qualifiers: right.qualifiers }
    }
    this.depth--
    return left
  }

  private term(inherited: Qualifiers | undefined): Parsed {
    if (this.isNot) {
      this.at++
      const { test, qualifiers } = this.term(inherited)
      return { test: not(test), qualifiers }
    }
    if (this.startsRelation()) return { test: this.relation(), qualifiers: undefined }
    if (this.isSymbol('(')) {
      this.at++
      const inside = this.expression(inherited)
      this.expectSymbol(')')
      return inside
    }
    const other = this.other(undefined)
    if (other !== undefined) return { test: other, qualifiers: undefined }
    const head = this.head()
    if (head !== undefined) return head
    if (!this.isIdentifier) throw syntax()
    if (inherited === undefined) throw this.at === 0 ? syntax() : new FilterError('syntax error in filter expression')
    return { test: identifier(this.take(), this.maskAfter(), inherited, this.context, this.shift), qualifiers: inherited }
  }

  private get isIdentifier(): boolean {
    const { next } = this
    return next.kind === 'word' ? !KEYWORDS.has(next.text) : next.kind !== 'symbol' && next.kind !== 'end'
  }

  /** `[protocol] [direction] [type]` and a name; a protocol alone; or nothing of that. */
  private head(): Parsed | undefined {
    const begin = this.at
    const protocol = this.next.kind === 'word' && PROTOCOL_WORDS.has(this.next.text) ? this.takeText() : ''
    if (protocol !== '') {
      const other = this.other(protocol)
      if (other !== undefined) return { test: other, qualifiers: undefined }
    }
    const way = this.way()
    const type = this.next.kind === 'word' && TYPE_WORDS.has(this.next.text) ? this.takeText() : ''
    if (way === undefined && type === '') {
      if (protocol === '') {
        this.at = begin
        return undefined
      }
      return { test: protocolTest(protocol, this.shift), qualifiers: undefined }
    }
    const qualifiers: Qualifiers = { protocol: protocol === 'link' ? 'ether' : protocol, way: way ?? 'either', type }
    return { test: this.names(qualifiers), qualifiers }
  }

  private takeText(): string {
    const token = this.take()
    return 'text' in token ? token.text : ''
  }

  private way(): primitives.Way | undefined {
    if (!this.isWord('src', 'dst')) return undefined
    const first = this.takeText() as 'src' | 'dst'
    const begin = this.at
    const how = this.joiner()
    if (how === undefined) return first
    this.at++
    if (this.isWord(first === 'src' ? 'dst' : 'src')) {
      this.at++
      return how === 'and' ? 'both' : 'either'
    }
    this.at = begin
    return first
  }

  /** What may stand behind qualifiers: a name, `not` a name, or several in brackets. */
  private names(qualifiers: Qualifiers): Test {
    if (this.isNot) {
      this.at++
      return not(this.names(qualifiers))
    }
    if (this.isSymbol('(')) {
      this.at++
      let left = this.names(qualifiers)
      for (let how = this.joiner(); how !== undefined; how = this.joiner()) {
        this.at++
        left = (how === 'and' ? and : or)(left, this.names(qualifiers))
      }
      this.expectSymbol(')')
      return left
    }
    if (!this.isIdentifier) throw syntax()
    return identifier(this.take(), this.maskAfter(), qualifiers, this.context, this.shift)
  }

  /** `/24` or `mask 255.255.255.0` behind an address. */
  private maskAfter(): string | undefined {
    const before = this.list[this.at - 1]
    if (before?.kind !== 'ip4' && before?.kind !== 'ip6') return undefined
    if (this.isSymbol('/')) {
      this.at++
      const length = this.take()
      if (length.kind !== 'number') throw syntax()
      return `/${length.value}`
    }
    if (!this.isWord('mask')) return undefined
    this.at++
    const mask = this.take()
    if (mask.kind !== 'ip4') throw syntax()
    return mask.text
  }

  /** Primitives that are no `qualifiers name`; undefined and nothing taken when the next words are none. */
  private other(protocol: string | undefined): Test | undefined {
    const { context } = this
    if (this.isWord('broadcast')) {
      this.at++
      return broadcast(protocol, context, this.shift)
    }
    if (this.isWord('multicast')) {
      this.at++
      return multicast(protocol, this.shift)
    }
    if (protocol !== undefined) return undefined
    if (this.isWord('less', 'greater')) {
      const relation = this.takeText() === 'less' ? '<=' : '>='
      return primitives.wireLength(relation, this.numberToken())
    }
    if (this.isWord('inbound', 'outbound')) {
      const out = this.takeText() === 'outbound'
      if (!context.live) throw new FilterError('inbound/outbound not supported on Ethernet when reading savefiles')
      return { kind: 'direction', out }
    }
    if (this.isWord('vlan')) return this.vlan()
    if (this.isWord('pppoed', 'pppoes')) return primitives.etherType(this.takeText() === 'pppoed' ? 0x8863 : 0x8864, this.shift)
    if (this.isWord('mpls')) {
      this.at++
      return primitives.etherType(0x8847, this.shift)
    }
    return undefined
  }

  private vlan(): Test {
    this.at++
    if (this.context.link.type !== 1) throw new FilterError('no VLAN support for Linux cooked v2')
    const id = this.next.kind === 'number' ? this.numberToken() : undefined
    if (id !== undefined && id > 4095) throw new FilterError(`VLAN tag ${id} greater than maximum 4095`)
    const test = primitives.vlanTag(id, this.shift)
    this.shift += 4
    return test
  }

  private numberToken(): number {
    const token = this.take()
    if (token.kind !== 'number') throw syntax()
    return token.value
  }

  // Arithmetic

  /** Whether an arithmetic relation begins here: a number, `len`, a protocol with a bracket, or such in brackets. */
  private startsRelation(): boolean {
    let at = this.at
    let open = 0
    while ((this.list[at] as Token).kind === 'symbol' && ['(', '-'].includes((this.list[at] as { text: string }).text)) {
      if ((this.list[at] as { text: string }).text === '(') open++
      at++
    }
    const token = this.list[at] as Token
    const after = this.list[at + 1]
    const bracket = after?.kind === 'symbol' && after.text === '['
    if (token.kind === 'word' && PROTOCOL_WORDS.has(token.text) && bracket) return open === 0 || this.relationFollows(at, open)
    const isNumber = token.kind === 'number' || (token.kind === 'word' && (token.text === 'len' || token.text === 'length'))
    if (!isNumber) return false
    if (open > 0) return this.relationFollows(at, open)
    return after?.kind === 'symbol' && after.text !== ')' && after.text !== '(' && after.text !== '&&' && after.text !== '||'
  }

  /** Brackets around arithmetic end before the relation; brackets around a whole term do not. */
  private relationFollows(from: number, opened: number): boolean {
    let open = opened
    for (let at = from; at < this.list.length; at++) {
      const token = this.list[at] as Token
      if (token.kind === 'word' && ['and', 'or', 'not'].includes(token.text)) return false
      if (token.kind !== 'symbol') continue
      if (token.text === '(') open++
      if (token.text === ')') open--
      if (RELATIONS.has(token.text) || token.text === '&&' || token.text === '||') return open === 0 && RELATIONS.has(token.text)
    }
    return false
  }

  private relation(): Test {
    const guards: Test[] = []
    const a = this.arithmetic(0, guards)
    const relation = this.take()
    if (relation.kind !== 'symbol' || !RELATIONS.has(relation.text)) throw syntax()
    const b = this.arithmetic(0, guards)
    const test: Test = { kind: 'compare', relation: (relation.text === '==' ? '=' : relation.text) as Relation, a, b }
    const [first, ...rest] = guards
    return first === undefined ? test : and(first, ...rest, test)
  }

  private arithmetic(level: number, guards: Test[]): Value {
    if (++this.depth > DEEPEST) throw new FilterError('filter expression nests too deeply')
    let a = level < LEVELS.length ? this.arithmetic(level + 1, guards) : this.factor(guards)
    while (level < LEVELS.length && this.isSymbol(...(LEVELS[level] as readonly string[]))) {
      const op = this.takeText() as ArithmeticOp
      // libpcap keeps what must hold for the left operand only (gen_arth).
      const b = this.arithmetic(level + 1, [])
      if (b.kind === 'number' && b.value === 0 && (op === '/' || op === '%'))
        throw new FilterError(op === '/' ? 'division by zero' : 'modulus by zero')
      a =
        a.kind === 'number' && b.kind === 'number'
          ? { kind: 'number', value: calculate(op, a.value, b.value) }
          : { kind: 'binary', op, a, b }
    }
    this.depth--
    return a
  }

  private factor(guards: Test[]): Value {
    if (this.isSymbol('-')) {
      this.at++
      return { kind: 'negative', a: this.factor(guards) }
    }
    if (this.isSymbol('(')) {
      this.at++
      const inside = this.arithmetic(0, guards)
      this.expectSymbol(')')
      return inside
    }
    const token = this.take()
    if (token.kind === 'number') return { kind: 'number', value: token.value >>> 0 }
    if (token.kind !== 'word') throw syntax()
    if (token.text === 'len' || token.text === 'length') return { kind: 'length' }
    if (!PROTOCOL_WORDS.has(token.text)) throw syntax()
    this.expectSymbol('[')
    const offset = this.arithmetic(0, guards)
    let size = 1
    if (this.isSymbol(':')) {
      this.at++
      size = this.numberToken()
    }
    this.expectSymbol(']')
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError('data size must be 1, 2, or 4')
    return protocolValue(token.text, offset, size, this.shift, guards)
  }
}

function broadcast(protocol: string | undefined, { link, netmask }: FilterContext, shift: number): Test {
  if (protocol === undefined || protocol === 'ether' || protocol === 'link') {
    if (link.type !== 1) throw new FilterError('not a broadcast link')
    return primitives.BROADCAST
  }
  if (protocol !== 'ip') throw new FilterError('only link-layer/IP broadcast filters supported')
  if (netmask === undefined) throw new FilterError("netmask not known, so 'ip broadcast' not supported")
  return primitives.ipBroadcast(netmask, shift)
}

function multicast(protocol: string | undefined, shift: number): Test {
  if (protocol === undefined || protocol === 'ether' || protocol === 'link') return primitives.GROUP
  if (protocol === 'ip') return primitives.ipMulticast(shift)
  if (protocol === 'ip6') return primitives.ip6Multicast(shift)
  throw new FilterError(
    'link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel',
  )
}

export const nothing: Test = compare({ kind: 'number', value: 0 }, '=', 0)
