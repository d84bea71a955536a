import { kept } from './kept.ts'
import { createStore, useStore } from './store.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'
const KEY = 'switchroom.theme'
const system = () => window.matchMedia('(prefers-color-scheme: dark)')

function stored(): ThemeChoice {
  const value = kept.get(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

type Theme = { readonly choice: ThemeChoice; readonly shown: 'light' | 'dark' }
const resolve = (choice: ThemeChoice): Theme => ({
  choice,
  shown: choice === 'system' ? (system().matches ? 'dark' : 'light') : choice,
})
const themes = createStore<Theme>(resolve(stored()))

export function applyTheme(): void {
  const show = (theme: Theme) => {
    document.documentElement.dataset['theme'] = theme.shown
    themes.set(theme)
  }
  show(resolve(stored()))
  system().addEventListener('change', () => show(resolve(stored())))
  window.addEventListener('storage', () => show(resolve(stored())))
}

export function chooseTheme(choice: ThemeChoice): void {
  kept.set(KEY, choice)
  const theme = resolve(choice)
  document.documentElement.dataset['theme'] = theme.shown
  themes.set(theme)
}

export const useTheme = () => useStore(themes, (theme) => theme)
