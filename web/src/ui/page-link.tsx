import type { AnchorHTMLAttributes } from 'react'
import { navigate } from '../router.ts'

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> & { readonly to: string }

/** A link within the console; with a key held it opens elsewhere, as any link does. */
export const PageLink = ({ to, ...rest }: Props) => (
  <a
    href={to}
    onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      navigate(to)
    }}
    {...rest}
  />
)
