import type { ElementType, ReactNode } from 'react';

interface RemoveScrollProps {
  readonly as?: ElementType;
  readonly children?: ReactNode;
  readonly allowPinchZoom?: boolean;
  readonly shards?: unknown;
}

/** Stands in for `react-remove-scroll` within Radix: the body of this page never scrolls, so there is nothing to lock. */
export function RemoveScroll({
  as: Element = 'div',
  allowPinchZoom: _allowPinchZoom,
  shards: _shards,
  ...rest
}: RemoveScrollProps) {
  return <Element {...rest} />;
}
