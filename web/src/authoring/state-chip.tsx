import type { AuthoredState } from '../api/authoring.ts'

const words: Record<AuthoredState, string> = {
  draft: 'Draft',
  published: 'Published',
  withdrawn: 'Withdrawn',
  deleted: 'Deleted',
}

export function StateChip({ state, version }: { readonly state: AuthoredState; readonly version: number | null }) {
  return (
    <span className={`state-chip ${state}`}>
      {words[state]}
      {version === null ? '' : `, version ${version}`}
    </span>
  )
}
