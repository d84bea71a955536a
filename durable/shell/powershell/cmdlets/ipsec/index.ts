// IPsec policy. No computer of a lab has any and none can be given one: rules that would encrypt nothing are not made. So what looks for
// rules finds none and says so as the real thing does, and what makes them answers one line.

import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { documented } from '../../signatures/index.ts'
import type { PsValue } from '../../values/value.ts'
import { chooseFrom, cim } from '../cim.ts'

/** The CIM class of each kind of object, and what is done with it. */
const KINDS: readonly (readonly [noun: string, className: string, verbs: string])[] = [
  ['NetIPsecRule', 'MSFT_NetConSecRule', 'Get Set Remove Enable Disable Copy Rename Find Show Sync Update'],
  ['NetIPsecMainModeRule', 'MSFT_NetMainModeRule', 'Get Set Remove Enable Disable Copy Rename'],
  ['NetIPsecPhase1AuthSet', 'MSFT_NetIKEP1AuthSet', 'Get Set Remove Copy Rename'],
  ['NetIPsecPhase2AuthSet', 'MSFT_NetIKEP2AuthSet', 'Get Set Remove Copy Rename'],
  ['NetIPsecMainModeCryptoSet', 'MSFT_NetIKEMMCryptoSet', 'Get Set Remove Copy Rename'],
  ['NetIPsecQuickModeCryptoSet', 'MSFT_NetIKEQMCryptoSet', 'Get Set Remove Copy Rename'],
  ['NetIPsecMainModeSA', 'MSFT_NetMainModeSA', 'Get Remove'],
  ['NetIPsecQuickModeSA', 'MSFT_NetQuickModeSA', 'Get Remove'],
  ['NetIPsecDospSetting', 'MSFT_NetIPsecDoSPSetting', 'Get Set Remove'],
]

const ELSEWHERE = /^(CimSession|ThrottleLimit|AsJob|GPOSession|NewGPOSession)$/

/** Stores of this computer; those of a domain are not here. */
const LOCAL = /^(PersistentStore|ActiveStore|RSOP|SystemDefaults|StaticServiceStore|ConfigurableServiceStore|localhost)$/i

function search(call: Call, bound: Bound, className: string, names: readonly string[]): void {
  for (const name of names) {
    const given = /PolicyStore$/.test(name) ? bound.texts(name) : []
    void bound.has(name)
    if (given.some((store) => !LOCAL.test(store)))
      throw new NotSimulated(`-${name}: policy stores of a domain are real, but they are not simulated here yet.`)
  }
  chooseFrom(call, bound, className, [], { Name: 'InstanceID', IPsecRuleName: 'InstanceID', DisplayName: 'DisplayName' }, 'key')
}

function looking(verb: string, noun: string, className: string): Cmdlet {
  const name = `${verb}-${noun}`
  const names = (): string[] =>
    (documented.get(name.toLowerCase())?.signature().parameters ?? [])
      .map((one) => one.name)
      .filter((one) => !ELSEWHERE.test(one) && !/^(WhatIf|Confirm)$/.test(one))
  return {
    name,
    module: 'NetSecurity',
    synopsis: `${verb === 'Get' ? 'Looks for' : `Finds none to ${verb.toLowerCase()} of`} the IPsec objects of this kind; a lab has none.`,
    get supports() {
      return names()
    },
    start: (call) => ({ process: (bound) => search(call, bound, className, names()) }),
  }
}

/** A proposal is a value and no policy: it is what it was made of. */
const proposal = (name: string, className: string, usual: Readonly<Record<string, PsValue>>): Cmdlet => {
  const names = (): string[] => (documented.get(name.toLowerCase())?.signature().parameters ?? []).map((one) => one.name)
  const supports = () => names().filter((one) => !ELSEWHERE.test(one))
  return {
    name,
    module: 'NetSecurity',
    synopsis: 'Creates a proposal in memory.',
    get supports() {
      return supports()
    },
    start: (call) => ({
      *process(bound) {
        const given = supports().flatMap((one): [string, PsValue][] => {
          const value = bound.get(one)
          return value === undefined ? [] : [[one, value]]
        })
        yield* call.emit(cim(className, { ...usual, ...Object.fromEntries(given) }))
      },
    }),
  }
}

export const ipsecCmdlets: readonly Cmdlet[] = [
  ...KINDS.flatMap(([noun, className, verbs]) =>
    verbs
      .split(' ')
      .filter((verb) => documented.has(`${verb}-${noun}`.toLowerCase()))
      .map((verb) => looking(verb, noun, className)),
  ),
  proposal('New-NetIPsecAuthProposal', 'MSFT_NetAuthProposal', {}),
  proposal('New-NetIPsecMainModeCryptoProposal', 'MSFT_NetIKEMMCryptoProposal', {}),
  proposal('New-NetIPsecQuickModeCryptoProposal', 'MSFT_NetIKEQMCryptoProposal', {}),
]
