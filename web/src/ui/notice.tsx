import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

type Props = {
  readonly title: string
  readonly tone?: 'plain' | 'fail'
  readonly centre?: boolean
  readonly children?: ReactNode
}

/** What a place says when it has nothing to show, or could not get it. */
export function Notice({ title, tone = 'plain', centre = false, children }: Props) {
  return (
    <div className={`notice ${tone} ${centre ? 'centre' : ''}`} role={tone === 'fail' ? 'alert' : undefined}>
      <h3>
        {tone === 'fail' && <Icon name="warn" />}
        {title}
      </h3>
      {children}
    </div>
  )
}
