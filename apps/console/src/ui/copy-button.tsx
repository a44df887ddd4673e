import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';

/** Copies what stands before it, such as a number. */
export function CopyButton({ text }: { readonly text: string }) {
  const { outcome, copy } = useCopy();
  const Icon = outcome === 'copied' ? Check : Copy;
  return (
    <IconButton label={outcome === 'copied' ? `Copied ${text}` : `Copy ${text}`} onClick={() => copy(text)}>
      <Icon size={14} aria-hidden />
    </IconButton>
  );
}
