// Get-/Set-NetFirewallProfile and Get-/Set-NetFirewallSetting (fact sheet 2.7).
import type { FirewallProfileView } from '../../../../engine/machine/windows/net-views.ts'
import { MOST_LOGGED } from '../../../../engine/service/firewall/log.ts'
import { type Change, effective, LOG_FILE, type ProfileName } from '../../../../engine/service/firewall/profiles.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { text } from '../../values/text.ts'
import { type PsObject, type PsValue, property } from '../../values/value.ts'
import { chooseFrom, cim, warnKept } from '../cim.ts'
import { newStore, type Store, storeNamed } from '../policy-store.ts'
import { firewallOf } from './choose-rules.ts'
import { profileSettings, settingNames } from './setting-names.ts'

const PROFILE = 'MSFT_NetFirewallProfile'

/** What a store says of a profile: the computer, a policy, or both together as they hold. */
function profileObject(call: Call, view: FirewallProfileView, store: string | undefined): PsObject {
  const wanted = store === undefined ? 'PersistentStore' : storeNamed(call, 'PolicyStore', store)
  const base = wanted === 'PersistentStore' || wanted === 'ActiveStore' ? view.local : view.policy
  const shown: Record<string, PsValue> = { Name: view.name, Profile: view.name }
  for (const name of profileSettings) shown[name] = name === 'DisabledInterfaceAliases' ? aliases(base[name]) : base[name]
  if (wanted === 'ActiveStore') Object.assign(shown, active(view))
  return cim(
    PROFILE,
    { ...shown, InstanceID: `MSFT|FW|FirewallProfile|${view.name}`, PolicyStore: store ?? 'PersistentStore' },
    PROFILE,
  )
}

const aliases = (list: readonly string[]): PsValue => (list.length === 0 ? ['NotConfigured'] : [...list])

function active(view: FirewallProfileView): Record<string, PsValue> {
  const holds = effective(view.local, view.policy)
  const word = (on: boolean): string => (on ? 'True' : 'False')
  return {
    Enabled: word(holds.enabled),
    DefaultInboundAction: holds.inboundAllowed ? 'Allow' : 'Block',
    DefaultOutboundAction: holds.outboundAllowed ? 'Allow' : 'Block',
    AllowInboundRules: word(holds.inboundRules),
    AllowLocalFirewallRules: word(holds.localRules),
    AllowLocalIPsecRules: 'True',
    AllowUserApps: 'True',
    AllowUserPorts: 'True',
    AllowUnicastResponseToMulticast: word(holds.unicastResponse),
    EnableStealthModeForIPsec: 'True',
    LogAllowed: word(holds.logAllowed),
    LogBlocked: word(holds.logBlocked),
    LogIgnored: 'False',
  }
}

const OF_RULES = ['AssociatedNetFirewallRule', 'AssociatedNetIPsecRule', 'AssociatedNetIPsecMainModeRule']

function chosen(call: Call, bound: Bound): PsObject[] {
  if (bound.has('InputObject')) return bound.list('InputObject') as PsObject[]
  const rule = OF_RULES.map((name) => bound.get(name)).find((one) => one !== undefined)
  const all = firewallOf(call)
    .firewallProfiles()
    .map((view) => profileObject(call, view, bound.text('PolicyStore')))
  if (rule !== undefined) {
    const of = text(property(rule, 'Profile') ?? 'Any')
    return all.filter((one) => of === 'Any' || of.includes(text(property(one, 'Name') ?? '')))
  }
  return chooseFrom(call, bound, PROFILE, all, { Name: 'Name' }, 'key')
}

export const getNetFirewallProfile = cmdlet(
  {
    name: 'Get-NetFirewallProfile',
    module: 'NetSecurity',
    synopsis: 'Displays settings that apply to the per-profile configurations of the Windows Firewall with Advanced Security.',
    supports: ['Name', 'All', 'PolicyStore', ...OF_RULES],
    classes: {
      AssociatedNetFirewallRule: 'MSFT_NetFirewallRule',
      AssociatedNetIPsecRule: 'MSFT_NetConSecRule',
      AssociatedNetIPsecMainModeRule: 'MSFT_NetMainModeRule',
    },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) yield* call.emit(one)
  },
)

/** About apps, IPsec and what nobody logs here. */
const WITHOUT_EFFECT = [
  'AllowLocalIPsecRules',
  'AllowUserApps',
  'AllowUserPorts',
  'EnableStealthModeForIPsec',
  'LogIgnored',
  'NotifyOnListen',
]

/** More than the longest lines of a full log take. */
const FULL_LOG_KILOBYTES = 32

/** The log has one place, and so few lines that only the smallest limits would cut it. */
function warnOfLog(call: Call, bound: Bound): void {
  const place = (path: string): string => path.toLowerCase().replace(/%(systemroot|windir)%/g, 'c:\\windows')
  const elsewhere = bound.has('LogFileName') && place(bound.text('LogFileName') ?? '') !== place(LOG_FILE)
  const small = bound.has('LogMaxSizeKilobytes') && (bound.number('LogMaxSizeKilobytes') ?? 0) < FULL_LOG_KILOBYTES
  const names = [...(elsewhere ? ['LogFileName'] : []), ...(small ? ['LogMaxSizeKilobytes'] : [])]
  if (names.length === 0) return
  const log = `the log of this firewall holds the last ${MOST_LOGGED} packets in ${LOG_FILE}`
  call.warn(`Kept and shown, but ${log}: ${names.join(', ')}.`)
}

export const setNetFirewallProfile = cmdlet(
  {
    name: 'Set-NetFirewallProfile',
    module: 'NetSecurity',
    synopsis: 'Configures settings that apply to the per-profile configurations of the Windows Firewall with Advanced Security.',
    supports: ['Name', 'All', 'PolicyStore', 'InputObject', 'PassThru', 'Confirm', ...profileSettings],
    classes: { InputObject: PROFILE },
    defaultSet: 'GetAll',
  },
  function* (call, bound) {
    const change: Record<string, unknown> = {}
    for (const name of profileSettings) {
      if (!bound.has(name)) continue
      const words = bound.texts(name)
      change[name] =
        name === 'DisabledInterfaceAliases'
          ? words.filter((word) => !/^(NotConfigured|None)$/i.test(word))
          : name === 'LogMaxSizeKilobytes'
            ? bound.number(name)
            : bound.text(name)
    }
    warnKept(call, bound, WITHOUT_EFFECT)
    warnOfLog(call, bound)
    for (const one of chosen(call, bound)) {
      const name = text(property(one, 'Name') ?? '') as ProfileName
      const from = bound.text('PolicyStore') ?? text(property(one, 'PolicyStore') ?? 'PersistentStore')
      const local = newStore(call, 'PolicyStore', from) !== 'GroupPolicy'
      firewallOf(call).setFirewallProfile(name, change as Change, local ? 'local' : 'policy')
      if (!bound.flag('PassThru')) continue
      const now = firewallOf(call)
        .firewallProfiles()
        .find((view) => view.name === name)
      if (now !== undefined) yield* call.emit(profileObject(call, now, from))
    }
  },
)

/** Of a policy: it says nothing of any. */
const settingObject = (call: Call, store: Store | 'none'): PsObject => {
  const said = firewallOf(call).firewallSettings()
  const shown: Record<string, PsValue> = { Name: 'MSFT|FW|GlobalSettings' }
  const local = store === 'PersistentStore' || store === 'ActiveStore'
  for (const [name, usual] of settingNames) shown[name] = local ? (said[name] ?? usual) : 'NotConfigured'
  return cim('MSFT_NetSecuritySettingData', { ...shown, InstanceID: 'MSFT|FW|GlobalSettings' })
}

const storeGiven = (call: Call, bound: Bound): Store | 'none' =>
  bound.has('PolicyStore') ? storeNamed(call, 'PolicyStore', bound.text('PolicyStore') ?? '') : 'PersistentStore'

export const getNetFirewallSetting = cmdlet(
  {
    name: 'Get-NetFirewallSetting',
    module: 'NetSecurity',
    synopsis: 'Retrieves the global firewall settings of the target computer.',
    supports: ['PolicyStore', 'All'],
  },
  function* (call, bound) {
    yield* call.emit(settingObject(call, storeGiven(call, bound)))
  },
)

const settings = settingNames.map(([name]) => name)

export const setNetFirewallSetting = cmdlet(
  {
    name: 'Set-NetFirewallSetting',
    module: 'NetSecurity',
    synopsis:
      'Modifies the global firewall settings of the target computer; they are kept and shown, and no frame heeds them here.',
    supports: ['PolicyStore', 'InputObject', 'PassThru', 'Confirm', ...settings],
    classes: { InputObject: 'MSFT_NetSecuritySettingData' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const store = storeGiven(call, bound)
    if (store === 'GroupPolicy' || store === 'none')
      throw new NotSimulated('Set-NetFirewallSetting: global settings of a policy are real, but they are not simulated here yet.')
    // There is one such object, whether it is given or not.
    bound.has('InputObject')
    const change: Record<string, string | number> = {}
    for (const name of settings)
      if (bound.has(name)) change[name] = name === 'MaxSAIdleTimeSeconds' ? (bound.number(name) ?? 0) : (bound.text(name) ?? '')
    warnKept(call, bound, settings)
    firewallOf(call).setFirewallSettings(change)
    if (bound.flag('PassThru')) yield* call.emit(settingObject(call, store))
  },
)
