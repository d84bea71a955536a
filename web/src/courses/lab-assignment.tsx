import { useCallback } from 'react'
import { coursesApi } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { HandIn } from './hand-in.tsx'
import './courses.css'
import { PageLink } from '../ui/page-link.tsx'
import { StoreStage } from './store-stage.tsx'

const seen: Record<string, string> = {
  copy: 'The lab of',
  submission: 'Handed in by',
}

/** On the page of a lab: which assignment it belongs to, the way back, and handing in. Nothing for a lab of its own. */
export function LabAssignment({ id }: { readonly id: string }) {
  const load = useLoad(useCallback(() => coursesApi.ofLab(id), [id]))
  if (load.state !== 'ready' || load.value.assignment === null) return null
  const { assignment, kind, work, holder, part } = load.value
  const teaches = part !== null && part !== 'study'
  return (
    <span className="lab-assignment">
      <PageLink to={`/assignments/${assignment.id}`}>{teaches ? 'Class and assignment' : 'Assignment'}</PageLink>
      {teaches && holder !== null && seen[kind] !== undefined && (
        <span className="badge">
          {seen[kind]} {holder}
        </span>
      )}
      {kind === 'submission' && <span className="badge warn">Handed in: read-only</span>}
      {kind === 'copy' && work !== null && work.labId === id && (
        <HandIn small assignment={assignment} work={work} onDone={load.reload} />
      )}
      {kind === 'trial' && (part === 'manage' || part === 'assist') && <StoreStage assignment={assignment.id} lab={id} />}
    </span>
  )
}
