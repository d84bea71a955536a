// Profiles of Windows Firewall: what applies on a network of a category (fact sheet 2.7).
import { DOMAIN, PRIVATE, PUBLIC } from './rule.ts'

export const PROFILES = ['Domain', 'Private', 'Public'] as const
export type ProfileName = (typeof PROFILES)[number]
export type Ternary = 'True' | 'False' | 'NotConfigured'

export const bitOf = (name: ProfileName): number => (name === 'Domain' ? DOMAIN : name === 'Private' ? PRIVATE : PUBLIC)

/** As the cmdlets show a profile of this computer; what a policy says is in the same words. */
export type ProfileSettings = {
  readonly Enabled: Ternary
  readonly DefaultInboundAction: 'NotConfigured' | 'Allow' | 'Block'
  readonly DefaultOutboundAction: 'NotConfigured' | 'Allow' | 'Block'
  readonly AllowInboundRules: Ternary
  readonly AllowLocalFirewallRules: Ternary
  readonly AllowLocalIPsecRules: Ternary
  readonly AllowUserApps: Ternary
  readonly AllowUserPorts: Ternary
  readonly AllowUnicastResponseToMulticast: Ternary
  readonly NotifyOnListen: Ternary
  readonly EnableStealthModeForIPsec: Ternary
  readonly LogFileName: string
  readonly LogMaxSizeKilobytes: number
  readonly LogAllowed: Ternary
  readonly LogBlocked: Ternary
  readonly LogIgnored: Ternary
  readonly DisabledInterfaceAliases: readonly string[]
}

export const LOG_FILE = '%systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log'

const NOTHING: ProfileSettings = {
  Enabled: 'NotConfigured',
  DefaultInboundAction: 'NotConfigured',
  DefaultOutboundAction: 'NotConfigured',
  AllowInboundRules: 'NotConfigured',
  AllowLocalFirewallRules: 'NotConfigured',
  AllowLocalIPsecRules: 'NotConfigured',
  AllowUserApps: 'NotConfigured',
  AllowUserPorts: 'NotConfigured',
  AllowUnicastResponseToMulticast: 'NotConfigured',
  NotifyOnListen: 'NotConfigured',
  EnableStealthModeForIPsec: 'NotConfigured',
  LogFileName: LOG_FILE,
  LogMaxSizeKilobytes: 4096,
  LogAllowed: 'NotConfigured',
  LogBlocked: 'NotConfigured',
  LogIgnored: 'NotConfigured',
  DisabledInterfaceAliases: [],
}

/** Of a fresh computer, and of a policy that says nothing. */
export const LOCAL: ProfileSettings = {
  ...NOTHING,
  Enabled: 'True',
  NotifyOnListen: 'True',
  LogAllowed: 'False',
  LogBlocked: 'False',
}
export const POLICY: ProfileSettings = NOTHING

export type Change = { readonly [setting in keyof ProfileSettings]?: ProfileSettings[setting] }

/** What holds in the end: the policy where it says something, then the computer, then what Windows does by itself. */
export type Effective = {
  readonly enabled: boolean
  readonly inboundAllowed: boolean
  readonly outboundAllowed: boolean
  /** Rules that allow are heard at all: off blocks everything that comes in. */
  readonly inboundRules: boolean
  /** Rules of this computer count, not only those of the policy. */
  readonly localRules: boolean
  readonly unicastResponse: boolean
  readonly logAllowed: boolean
  readonly logBlocked: boolean
  /** In lower case. */
  readonly exempt: readonly string[]
}

export function effective(local: ProfileSettings, policy: ProfileSettings): Effective {
  const word = (key: keyof ProfileSettings): unknown => (policy[key] === 'NotConfigured' ? local[key] : policy[key])
  const aliases = policy.DisabledInterfaceAliases.length > 0 ? policy.DisabledInterfaceAliases : local.DisabledInterfaceAliases
  return {
    enabled: word('Enabled') !== 'False',
    inboundAllowed: word('DefaultInboundAction') === 'Allow',
    outboundAllowed: word('DefaultOutboundAction') !== 'Block',
    inboundRules: word('AllowInboundRules') !== 'False',
    // Windows heeds this one only where a policy says it.
    localRules: policy.AllowLocalFirewallRules !== 'False',
    unicastResponse: word('AllowUnicastResponseToMulticast') !== 'False',
    logAllowed: word('LogAllowed') === 'True',
    logBlocked: word('LogBlocked') === 'True',
    exempt: aliases.map((alias) => alias.toLowerCase()),
  }
}

/** What an interface's network makes of the rules; the last three are what it was found out from, beside the configuration. */
export type Scope = {
  readonly category: ProfileName
  readonly profile: Effective
  /** The profile is on, and the interface not exempt from it. */
  readonly guarded: boolean
  readonly routes: number
  readonly name: string
  readonly ssid: string
}
