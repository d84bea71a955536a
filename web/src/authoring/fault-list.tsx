import type { TextFault } from '../api/authoring.ts'
import { Icon } from '../ui/icon.tsx'
import type { Looked } from './use-examination.ts'

const MOST = 30
const files: Record<string, string> = { definition: 'Definition', brief: 'Brief' }

type Props = { readonly faults: readonly TextFault[]; readonly looked: Looked; readonly onShow: (fault: TextFault) => void }

/** What is wrong, each with the way to its line. */
export function FaultList({ faults, looked, onShow }: Props) {
  const { examination, error } = looked
  const [icon, text, tone] =
    error !== ''
      ? (['question', `It could not be looked at. ${error}`, 'fail'] as const)
      : examination === null
        ? (['clock', 'Looking…', 'plain'] as const)
        : faults.length === 0
          ? (['check', 'Nothing is wrong', 'pass'] as const)
          : (['warn', `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`, 'fail'] as const)
  return (
    <section className="side-block faults" aria-label="Faults">
      <h2 className={`faults-head ${tone}`} role="status">
        <Icon name={icon} /> {text}
      </h2>
      {faults.length > 0 && (
        <ol>
          {faults.slice(0, MOST).map((fault) => (
            <li key={`${fault.file} ${fault.line} ${fault.field} ${fault.reason}`}>
              <button type="button" onClick={() => onShow(fault)}>
                <span className="fault-place">
                  {files[fault.file] ?? fault.file}, line {fault.line}
                  {fault.field !== '' && <code>{fault.field}</code>}
                </span>
                <span>{fault.reason}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {faults.length > MOST && <p className="side-note">and {faults.length - MOST} more</p>}
    </section>
  )
}
