import { useEffect, useState, type RefObject } from 'react';

/** Somebody points at a row, has the focus in one, has chosen one or has scrolled: nothing may move under them. */
export function useHolding(scroller: RefObject<HTMLElement | null>, isSelected: boolean): boolean {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  useEffect(() => {
    const within = (target: EventTarget | null): boolean =>
      target instanceof Element &&
      scroller.current?.contains(target) === true &&
      target.closest('[data-call-row]') !== null;
    const onPointer = ({ target, pointerType }: PointerEvent) => {
      if (pointerType === 'mouse') setPointed(within(target));
    };
    const onLeave = () => setPointed(false);
    const onFocus = ({ target }: FocusEvent) => setFocused(within(target));
    const onBlur = ({ relatedTarget }: FocusEvent) => setFocused(within(relatedTarget));
    const onScroll = ({ target }: Event) => {
      if (target === scroller.current) setScrolled((scroller.current?.scrollTop ?? 0) > 0);
    };
    document.addEventListener('pointerover', onPointer);
    document.documentElement.addEventListener('pointerleave', onLeave);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    // Scrolling does not bubble; it is heard on its way down.
    document.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      document.removeEventListener('pointerover', onPointer);
      document.documentElement.removeEventListener('pointerleave', onLeave);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
      document.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [scroller]);
  return isPointed || isFocused || isScrolled || isSelected;
}
