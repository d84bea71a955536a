import type { ButtonHTMLAttributes } from 'react'

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly primary?: boolean
  readonly danger?: boolean
  readonly quiet?: boolean
  readonly small?: boolean
  readonly iconOnly?: boolean
}

export function Button({ primary, danger, quiet, small, iconOnly, className, type = 'button', ...rest }: Props) {
  const classes = [
    'button',
    primary && 'primary',
    danger && 'danger',
    quiet && 'quiet',
    small && 'small',
    iconOnly && 'icon-only',
    className,
  ]
  return <button type={type} className={classes.filter(Boolean).join(' ')} {...rest} />
}
