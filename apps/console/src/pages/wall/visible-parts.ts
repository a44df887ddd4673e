type Hear = (isVisible: boolean) => void;

export type VisibleParts = ReturnType<typeof createVisibleParts>;

/** Which parts of the board are on screen, of those that are watched. */
export function createVisibleParts() {
  const watched = new Map<Element, Hear>();
  const visible = new Set<Element>();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
      watched.get(target)?.(isIntersecting);
    }
  });

  return {
    all: (): Iterable<Element> => visible,
    watch(part: Element, hear: Hear): () => void {
      watched.set(part, hear);
      observer.observe(part);
      return () => {
        observer.unobserve(part);
        watched.delete(part);
        visible.delete(part);
      };
    },
  };
}
