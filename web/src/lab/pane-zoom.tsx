import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

export type PaneZoomProps = { readonly label: string; readonly zoomed: boolean; readonly onZoom: () => void }

/** One pane over the whole working area, and back. */
export function PaneZoom({ label, zoomed, onZoom }: PaneZoomProps) {
  const text = zoomed ? `Make the ${label} small again` : `Give the ${label} the whole area`
  return (
    <Button small quiet iconOnly aria-pressed={zoomed} aria-label={text} title={text} onClick={onZoom}>
      <Icon name={zoomed ? 'shrink' : 'expand'} size={14} />
    </Button>
  )
}
