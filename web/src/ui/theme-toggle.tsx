import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { chooseTheme, type ThemeChoice, useTheme } from './theme.ts'

const next: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' }
const words: Record<ThemeChoice, string> = { system: 'as the system', light: 'light', dark: 'dark' }
const icons = { system: 'theme', light: 'sun', dark: 'moon' } as const

export function ThemeToggle() {
  const { choice } = useTheme()
  const label = `Appearance: ${words[choice]}. Change to ${words[next[choice]]}`
  return (
    <Button quiet iconOnly aria-label={label} title={label} onClick={() => chooseTheme(next[choice])}>
      <Icon name={icons[choice]} />
    </Button>
  )
}
