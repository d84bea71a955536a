import { use } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LabContext } from '../lab-context.ts'

const typed = new Set(['', 'powershell', 'ps', 'ps1', 'bash', 'sh', 'shell', 'console', 'cmd'])

/** A single command can be put into the terminal, where there is one; entering it is left to the person. */
export function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
  const lab = use(LabContext)
  const line = text.trim()
  const insertable = lab !== null && typed.has(language.split(/\s/)[0]) && !line.includes('\n')
  return (
    <div className={insertable ? 'code-block command' : 'code-block'}>
      <pre>
        <code>{text}</code>
      </pre>
      {insertable && (
        <Button
          small
          iconOnly
          aria-label={`Put ${line} into the terminal`}
          title="Put it into the terminal"
          onClick={() => lab.insertDraft(line)}
        >
          <Icon name="terminal" size={13} />
        </Button>
      )}
    </div>
  )
}
