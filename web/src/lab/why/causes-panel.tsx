import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import CauseList from './cause-list.tsx'
import './why.css'

type Props = {
  readonly line: string
  readonly job: string
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onClose: () => void
}

/** Over the foot of a terminal: why its last command got nothing. */
export default function CausesPanel({ line, job, onShowPackets, onClose }: Props) {
  return (
    <section className="causes-panel" aria-label="Why nothing">
      <header>
        <h4>
          Why nothing came of <code>{line}</code>
        </h4>
        <Button small quiet iconOnly aria-label="Close" onClick={onClose}>
          <Icon name="cross" size={12} />
        </Button>
      </header>
      <CauseList job={job} onShowPackets={onShowPackets} />
    </section>
  )
}
