import type { ComponentProps } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
  /** What was asked for is under way; the label stays. */
  readonly isBusy?: boolean;
}

export function Button({ look = 'plain', isBusy = false, className = '', disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      data-look={look}
      className={`${styles.button} ${className}`}
    />
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does: its name for those who don't see the icon, and on hover. */
  readonly label: string;
}

export function IconButton({ label, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`${styles.icon} ${className}`}
    />
  );
}
