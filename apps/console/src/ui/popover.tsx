import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './popover.module.css';

interface PopoverProps {
  readonly trigger: ReactNode;
  /** The name of what opens. */
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly onPointerEnter?: () => void;
  readonly onPointerLeave?: () => void;
  /** False where it opened by the pointer alone: the focus stays where it is. */
  readonly takesFocus?: boolean;
  readonly children: ReactNode;
}

export function Popover(props: PopoverProps) {
  const { trigger, label, align = 'end', isOpen, onOpenChange, takesFocus = true, children } = props;
  const open = isOpen === undefined ? {} : { open: isOpen };
  const change = onOpenChange === undefined ? {} : { onOpenChange };
  const stay = (event: Event) => {
    if (!takesFocus) event.preventDefault();
  };
  return (
    <Radix.Root {...open} {...change}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles.content}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          onOpenAutoFocus={stay}
          onCloseAutoFocus={stay}
          onPointerEnter={props.onPointerEnter}
          onPointerLeave={props.onPointerLeave}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
