import { toast } from './toasts.tsx'

export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(done)
  } catch {
    toast('The browser did not allow copying. Select what is shown and copy it by hand.', 'fail')
  }
}
