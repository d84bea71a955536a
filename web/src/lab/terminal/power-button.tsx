import type { Topology } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'

type Props = { readonly node: Topology['nodes'][number]; readonly prominent?: boolean }

export function PowerButton({ node, prominent = false }: Props) {
  const lab = useLab()
  const looks = useLabState(looksOn)
  if (looks) return null
  const on = node.power === 'on'
  const text = on ? 'Power off' : node.power === 'saved' ? 'Resume' : 'Power on'
  return (
    <Button
      small={!prominent}
      quiet={!prominent}
      primary={prominent}
      className="power-button"
      aria-label={`${text} ${node.label}`}
      title={on ? 'Takes the power away, as the button on the case would' : undefined}
      onClick={() => lab.hand({ action: on ? 'power-off' : 'power-on', machine: node.name })}
    >
      <Icon name="power" size={14} /> <span>{text}</span>
    </Button>
  )
}
