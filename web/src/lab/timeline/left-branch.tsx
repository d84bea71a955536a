import { Icon } from '../../ui/icon.tsx'
import type { Entry } from './history-log.ts'

type Props = { readonly entry: Extract<Entry, { type: 'left' }> }

/** Says in words what the grey lines below are. */
export function LeftBranch({ entry: { branch, count, by } }: Props) {
  const lines = count === 1 ? 'This line was' : `These ${count} lines were`
  const how = by === null ? '' : by.kind === 'undo' ? ` when ${by.by} undid a line` : ` when ${by.by} rewound`
  return (
    <li className="left-branch">
      <Icon name="fork" size={13} />
      <span>
        {lines} left behind{how}. <small>{branch === 0 ? 'First branch' : `Branch ${branch}`}</small>
      </span>
    </li>
  )
}
