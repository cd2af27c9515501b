// The menu behind the three dots of a line in a list: what else can be done with it.
import { ChevronRight, MoreHorizontal, type LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { t } from '../locales/index.ts'
import { Button } from './button.tsx'
import { placeOverPage } from './over.ts'

interface MoreMenuProps {
  /** What the line is about, for people who hear it. */
  of: string
  /** Of a line that Tab does not come to: -1. */
  tabIndex?: number
  children: ReactNode
}

export function MoreMenu({ of, tabIndex, children }: MoreMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button look="bare" shape="icon" size="small" tabIndex={tabIndex} aria-label={t().ui.moreFor(of)}>
          <MoreHorizontal aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={placeOverPage()}>
        <DropdownMenu.Content className="popover menu menu-small" align="end" sideOffset={4}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** What the lines below it are for. */
export const MenuHead = ({ children }: { children: ReactNode }) => <DropdownMenu.Label className="menu-head">{children}</DropdownMenu.Label>

interface MenuLineProps {
  name: string
  icon: LucideIcon
  disabled?: boolean
  onChoose: () => void
}

export function MenuLine({ name, icon: Icon, disabled = false, onChoose }: MenuLineProps) {
  return (
    <DropdownMenu.Item className="menu-item menu-line" disabled={disabled} onSelect={onChoose}>
      <Icon aria-hidden /> {name}
    </DropdownMenu.Item>
  )
}

/** Lines that come out of one. */
export function MenuLines({ name, icon: Icon, disabled = false, children }: Omit<MenuLineProps, 'onChoose'> & { children: ReactNode }) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item menu-line" disabled={disabled}>
        <Icon aria-hidden /> {name} <ChevronRight className="menu-lines-mark" aria-hidden />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal container={placeOverPage()}>
        <DropdownMenu.SubContent className="popover menu menu-small" sideOffset={2} collisionPadding={8}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}
