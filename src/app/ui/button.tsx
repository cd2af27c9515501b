// The one button of the page.
import type { ComponentProps } from 'react'

interface ButtonProps extends ComponentProps<'button'> {
  look?: 'plain' | 'primary' | 'bare'
  size?: 'normal' | 'small'
  shape?: 'text' | 'icon'
}

export function Button({ look = 'plain', size = 'normal', shape = 'text', className, ...rest }: ButtonProps) {
  return <button type="button" className={className ? `button ${className}` : 'button'} data-look={look} data-size={size} data-shape={shape} {...rest} />
}
