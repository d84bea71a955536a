import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'

const icons = { pass: 'check', fail: 'warn', warn: 'clock' } as const

/** How something stands: a sign and words, never colour alone. */
export const StateMark = ({ tone, children }: { readonly tone: keyof typeof icons; readonly children: ReactNode }) => (
  <span className={`lti-state ${tone}`}>
    <Icon name={icons[tone]} size={13} />
    <span>{children}</span>
  </span>
)
