import type { Cmdlet } from '../../cmdlet.ts'
import { firewallFilterCmdlets } from './filters.ts'
import { hyperVFirewallCmdlets } from './hyper-v.ts'
import { keywordCmdlets } from './keywords.ts'
import { getNetFirewallProfile, getNetFirewallSetting, setNetFirewallProfile, setNetFirewallSetting } from './profiles.ts'
import {
  copyNetFirewallRule,
  disableNetFirewallRule,
  enableNetFirewallRule,
  getNetFirewallRule,
  newNetFirewallRule,
  removeNetFirewallRule,
  renameNetFirewallRule,
  setNetFirewallRule,
  showNetFirewallRule,
} from './rules.ts'

/** The NetSecurity module, as far as it is about the firewall. */
export const firewallCmdlets: readonly Cmdlet[] = [
  copyNetFirewallRule,
  disableNetFirewallRule,
  enableNetFirewallRule,
  ...firewallFilterCmdlets,
  ...hyperVFirewallCmdlets,
  ...keywordCmdlets,
  getNetFirewallProfile,
  getNetFirewallRule,
  getNetFirewallSetting,
  newNetFirewallRule,
  removeNetFirewallRule,
  renameNetFirewallRule,
  setNetFirewallProfile,
  setNetFirewallRule,
  setNetFirewallSetting,
  showNetFirewallRule,
]
