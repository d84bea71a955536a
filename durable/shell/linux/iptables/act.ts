// What one iptables command does to a table: a new table, or what iptables says instead.
import { BUILT_IN, type Chain, newChain, type Rule, sameRule, type Table } from '../../../engine/ip/netfilter/rule.ts'
import { parseRule, RuleFault } from './parse.ts'
import { references } from './text.ts'
import { VERSION } from './words.ts'

export const failure = (message: string, status = 1): RuleFault => new RuleFault(`iptables: ${message}`, status, false)
const NO_CHAIN = 'No chain/target/match by that name.'

export type Act = { readonly letter: string; readonly chain: string; readonly rest: readonly string[] }

/** `words`: what follows the command's letter and chain. */
export function act(table: Table, { letter, chain: name, rest }: Act): void {
  const user = table.chains.filter((chain) => chain.policy === null).map((chain) => chain.name)
  const chain = table.chains.find((one) => one.name === name)
  const there = (): Chain => {
    if (chain === undefined) throw failure(NO_CHAIN)
    return chain
  }
  const [first = ''] = rest
  const numbered = /^\d+$/.test(first)
  const rule = (words: readonly string[]): Rule => {
    const read = parseRule(words, table.name, user)
    if (read.in !== '' && ['OUTPUT', 'POSTROUTING'].includes(name)) throw new RuleFault(`Can't use -i with ${name}\n`)
    if (read.out !== '' && ['INPUT', 'PREROUTING'].includes(name)) throw new RuleFault(`Can't use -o with ${name}\n`)
    return read
  }
  switch (letter) {
    case 'A': {
      const added = rule(rest)
      there().rules.push(added)
      return
    }
    case 'I': {
      const added = rule(numbered ? rest.slice(1) : rest)
      const at = numbered ? Number(first) : 1
      if (at < 1 || at > there().rules.length + 1) throw failure('Index of insertion too big.')
      there().rules.splice(at - 1, 0, added)
      return
    }
    case 'R': {
      const at = Number(first)
      if (!numbered) throw new RuleFault('-R requires a rule number')
      const added = rule(rest.slice(1))
      if (at < 1 || at > there().rules.length) throw failure('Index of replacement too big.')
      there().rules[at - 1] = added
      return
    }
    case 'D':
    case 'C': {
      if (letter === 'D' && numbered) {
        if (Number(first) < 1 || Number(first) > there().rules.length) throw failure('Index of deletion too big.')
        there().rules.splice(Number(first) - 1, 1)
        return
      }
      const wanted = rule(rest)
      const at = there().rules.findIndex((one) => sameRule(one, wanted))
      if (at < 0) throw failure('Bad rule (does a matching rule exist in that chain?).')
      if (letter === 'D') there().rules.splice(at, 1)
      return
    }
    case 'F':
      if (name === '') for (const one of table.chains) one.rules = []
      else there().rules = []
      return
    case 'Z':
      for (const one of table.chains) {
        if (name !== '' && one.name !== name) continue
        ;[one.packets, one.bytes] = [0, 0]
        for (const [at, each] of one.rules.entries()) {
          if (numbered && Number(first) !== at + 1) continue
          ;[each.packets, each.bytes] = [0, 0]
        }
      }
      if (name !== '') there()
      return
    case 'N':
      if (name.length > 28) throw new RuleFault(`chain name \`${name}' too long (must be under 29 chars)`)
      if (/^[-!]/.test(name)) throw new RuleFault(`chain name not allowed to start with \`${name.charAt(0)}'\n`)
      if (chain !== undefined) throw failure('Chain already exists.')
      table.chains.push(newChain(name))
      return
    case 'X': {
      if (name === '') {
        for (const one of table.chains) if (one.policy === null && references(table, one.name) > 0) throw busy(one.name)
        table.chains = table.chains.filter((one) => one.policy !== null)
        return
      }
      if (there().policy !== null)
        throw new RuleFault(`iptables ${VERSION}:  CHAIN_DEL failed (Device or resource busy): chain ${name}`, 4, false)
      if (references(table, name) > 0 || there().rules.length > 0) throw busy(name)
      table.chains = table.chains.filter((one) => one !== chain)
      return
    }
    case 'P':
      if (first !== 'ACCEPT' && first !== 'DROP')
        throw failure(`Bad policy name. Run \`dmesg' for more information.`.replace(" Run `dmesg' for more information.", ''))
      if (!(BUILT_IN[table.name] as readonly string[]).includes(name))
        throw failure(chain === undefined ? 'Bad built-in chain name.' : 'Bad built-in chain name.')
      there().policy = first
      return
    case 'E': {
      if (first === '') throw new RuleFault('-E requires a new chain name')
      if (there().policy !== null) throw failure(NO_CHAIN)
      if (table.chains.some((one) => one.name === first)) throw failure('File exists.')
      const before = there()
      table.chains = table.chains.map((one) => ({
        ...one,
        name: one === before ? first : one.name,
        rules: one.rules.map((each) =>
          each.target?.kind === 'chain' && each.target.name === name
            ? { ...each, target: { ...each.target, name: first } }
            : each,
        ),
      }))
      return
    }
  }
}

const busy = (name: string): RuleFault =>
  new RuleFault(`iptables ${VERSION}:  CHAIN_DEL failed (Device or resource busy): chain ${name}`, 4, false)
