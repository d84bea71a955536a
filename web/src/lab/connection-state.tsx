import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { whenText } from '../ui/when.ts'
import { useLab, useLabState } from './lab-context.ts'

const SHOWN_FOR = 4_000

/** Silent while all is well: says when the connection is lost and when it is back. */
export function ConnectionState() {
  const lab = useLab()
  const connection = useLabState((state) => state.connection)
  const until = useLabState((state) => state.until)
  const returns = useLabState((state) => state.returns)
  const [back, setBack] = useState(false)
  useEffect(() => {
    if (returns === 0) return
    setBack(true)
    const timer = setTimeout(() => setBack(false), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [returns])

  return (
    <div className="connection" role="status">
      {connection === 'connecting' && <span>Connecting…</span>}
      {connection === 'lost' && (
        <span className="lost">
          <Icon name="warn" size={14} /> Connection lost. What you enter is sent when it is back.
          <Button small onClick={lab.retry}>
            Try now
          </Button>
        </span>
      )}
      {connection === 'live' && !back && until !== null && <span>Invited until {whenText(until)}</span>}
      {connection === 'live' && back && (
        <span className="back">
          <Icon name="check" size={14} /> Reconnected
        </span>
      )}
    </div>
  )
}
