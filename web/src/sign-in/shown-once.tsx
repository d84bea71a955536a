import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import { Icon } from '../ui/icon.tsx'

type Props = { readonly label: string; readonly text: string; readonly copied: string; readonly children?: React.ReactNode }

/** A secret that is on the screen now and never again. */
export function ShownOnce({ label, text, copied, children }: Props) {
  return (
    <div className="shown-once">
      <strong>{label}</strong>
      <div className="shown-once-row">
        <code>{text}</code>
        <Button small onClick={() => void copyText(text, copied)}>
          <Icon name="link" size={14} /> Copy
        </Button>
      </div>
      <p>{children}</p>
    </div>
  )
}
