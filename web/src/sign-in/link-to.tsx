import type { ReactNode } from 'react'
import { navigate } from '../router.ts'

/** A link within the console. */
export function LinkTo({
  path,
  children,
  className,
}: {
  readonly path: string
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <a
      href={path}
      className={className}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        navigate(path)
      }}
    >
      {children}
    </a>
  )
}
