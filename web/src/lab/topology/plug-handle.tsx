import { useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import type { TopologyLink } from './layout.ts'
import { LinkMenu } from './link-menu.tsx'
import { linkName, linkState } from './words.ts'

type Props = { readonly link: TopologyLink; readonly labels: ReadonlyMap<string, string> }

/** The handle of a cable that a person may pull. */
export function PlugHandle({ link, labels }: Props) {
  const [open, setOpen] = useState(false)
  const name = linkName(link, labels)
  return (
    <span className={`plug nopan nodrag ${open ? 'open' : ''}`}>
      <button
        type="button"
        className={link.up ? '' : 'down'}
        aria-expanded={open}
        aria-label={`${name}, ${linkState(link)}`}
        title={`${name}, ${linkState(link)}`}
        onClick={() => setOpen(!open)}
      >
        <Icon name={link.up ? 'plug' : 'unplugged'} size={11} />
      </button>
      {open && <LinkMenu link={link} name={name} onClose={() => setOpen(false)} />}
    </span>
  )
}
