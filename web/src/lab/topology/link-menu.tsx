import { useEffect, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'
import type { TopologyLink } from './layout.ts'
import { linkState } from './words.ts'

type Props = { readonly link: TopologyLink; readonly name: string; readonly onClose: () => void }

export function LinkMenu({ link, name, onClose }: Props) {
  const lab = useLab()
  const looks = useLabState(looksOn)
  const menu = useRef<HTMLElement>(null)
  useEffect(() => {
    menu.current?.querySelector('button')?.focus()
    const away = (event: PointerEvent) => {
      if (menu.current?.parentElement?.contains(event.target as Element) !== true) onClose()
    }
    document.addEventListener('pointerdown', away, true)
    return () => document.removeEventListener('pointerdown', away, true)
  }, [onClose])
  return (
    <section
      ref={menu}
      className="link-menu"
      aria-label={name}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <span>
        {name}: {linkState(link)}.
      </span>
      {!looks && (
        <Button
          small
          primary={!link.up}
          onClick={() => {
            lab.hand({ action: link.up ? 'unplug' : 'plug', link: link.name })
            onClose()
          }}
        >
          {link.up ? 'Unplug' : 'Plug in'}
        </Button>
      )}
    </section>
  )
}
