import { toast } from './toasts.tsx'

/** Says that what was asked of the service is done, and goes on; or why it is not. */
export const tell = (asked: Promise<unknown>, said: string, then: () => void = () => {}, sorry = ''): Promise<void> =>
  asked.then(
    () => {
      toast(said)
      then()
    },
    (error: Error) => toast(`${sorry}${error.message}`, 'fail'),
  )
