import { useCallback, useEffect } from 'react'
import { grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'

const LOOK_AGAIN_MS = 700

/** A job, looked at again until it has ended. */
export function useJob(id: string) {
  const loaded = useLoad(useCallback(() => grading.job(id), [id]))
  const { reload } = loaded
  const running = loaded.state === 'ready' && loaded.value.state === 'running'
  useEffect(() => {
    if (!running) return
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [running, reload])
  return loaded
}
