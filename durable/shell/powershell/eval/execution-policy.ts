// Execution policy: of the console, of the user and of the computer, the first that says something (about_Execution_Policies).
import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { Session } from './session.ts'

export const POLICY_SCOPES = ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine'] as const
export type PolicyScope = (typeof POLICY_SCOPES)[number]

/** Windows as it is set up for scripts of one's own. */
const USUAL = 'RemoteSigned'
const SHELL = 'SOFTWARE\\Microsoft\\PowerShell\\1\\ShellIds\\Microsoft.PowerShell'
const KEYS: { readonly [scope in PolicyScope]?: string } = {
  MachinePolicy: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell',
  UserPolicy: 'HKCU\\Software\\Policies\\Microsoft\\Windows\\PowerShell',
  CurrentUser: `HKCU\\${SHELL}`,
  LocalMachine: `HKLM\\${SHELL}`,
}
const VALUE = 'ExecutionPolicy'

export function policyOf({ kernel, memory }: Session, scope: PolicyScope): string {
  const key = KEYS[scope]
  const set =
    key === undefined ? memory['policy'] : kernel.windows?.registryKey(key)?.values.find(({ name }) => name === VALUE)?.data
  return typeof set === 'string' ? set : scope === 'LocalMachine' ? USUAL : 'Undefined'
}

export function effectivePolicy(session: Session): string {
  for (const scope of POLICY_SCOPES) {
    const policy = policyOf(session, scope)
    if (policy !== 'Undefined') return policy
  }
  return 'Restricted'
}

/** `Undefined` takes it back. The registry keeps what is not of this console alone. */
export function setPolicy({ kernel, memory }: Session, scope: PolicyScope, policy: string): Outcome {
  const key = KEYS[scope]
  if (key === undefined) {
    if (policy === 'Undefined') delete memory['policy']
    else memory['policy'] = policy
    return { ok: true }
  }
  const { windows } = kernel
  if (windows === undefined) return { ok: false, error: 'not-found' }
  if (policy === 'Undefined') {
    const done = windows.removeRegistryValue(key, VALUE)
    return !done.ok && done.error === 'not-found' ? { ok: true } : done
  }
  const made = windows.registryKey(key) === undefined ? windows.makeRegistryKey(key) : ({ ok: true } as const)
  return made.ok ? windows.setRegistryValue(key, VALUE, 'REG_SZ', policy) : made
}
