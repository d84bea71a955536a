// What the system calls about Windows networking answer: plain data, in the words of the cmdlets.
import type { ProfileName, ProfileSettings } from '../../service/firewall/profiles.ts'
import type { FirewallRule } from '../../service/firewall/rule.ts'

/** `effective`: whether it counts at this moment, and why not. */
export type FirewallRuleView = FirewallRule & { readonly counts: 'yes' | 'disabled' | 'other-profile' | 'no-local-rules' | 'off' }

export type FirewallProfileView = { readonly name: ProfileName; readonly active: boolean } & {
  readonly local: ProfileSettings
  readonly policy: ProfileSettings
}

export type NetworkCategory = { readonly interface: number; readonly category: ProfileName; readonly identified: boolean }
