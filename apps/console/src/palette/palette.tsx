import { useRows, useTopic } from '@trunkline/realtime-react';
import { Command } from 'cmdk';
import { useDeferredValue, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { pages } from '../routes.ts';
import { usePerson, useSession } from '../session/session-provider.tsx';
import { closePanel } from '../shell/panels.ts';
import { Dialog } from '../ui/dialog.tsx';
import { paletteCopy as copy } from './copy.ts';
import { findPlaces, type Place, type PlaceKind } from './find-places.ts';
import styles from './palette.module.css';

const kinds: readonly PlaceKind[] = ['page', 'phone', 'call', 'pbx'];

/** Goes wherever one can name: an extension, a call that is open, a PBX, a page. */
export function Palette() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const [, navigate] = useLocation();
  const places = usePlaces(useDeferredValue(text));
  // What was chosen may not fit the next letter; then Enter means the best of what does.
  const isThere = places.some(({ href }) => href === chosen);
  const go = ({ href }: Place) => {
    closePanel();
    navigate(href);
  };
  return (
    <Dialog isOpen onClose={closePanel} title={copy.title}>
      <Command
        shouldFilter={false}
        label={copy.title}
        className={styles.palette}
        vimBindings={false}
        value={isThere ? chosen : (places[0]?.href ?? '')}
        onValueChange={setChosen}
      >
        <Command.Input
          autoFocus
          className={styles.input}
          value={text}
          onValueChange={setText}
          placeholder={copy.hint}
        />
        <Command.List className={styles.list} label={copy.title}>
          <Command.Empty className={styles.empty}>{copy.empty}</Command.Empty>
          {kinds.map((kind) => {
            const some = places.filter((place) => place.kind === kind);
            return some.length === 0 ? null : (
              <Command.Group key={kind} heading={copy.kinds[kind]} className={styles.group}>
                {some.map((place) => (
                  <Command.Item
                    key={place.href}
                    value={place.href}
                    className={styles.item}
                    onSelect={() => go(place)}
                  >
                    <span>{place.label}</span>
                    <span className={styles.detail}>{place.detail}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            );
          })}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function usePlaces(text: string): readonly Place[] {
  const person = usePerson();
  const { config } = useSession();
  useTopic('extensions');
  useTopic('calls');
  useTopic('pbx');
  const [phones, calls, links] = [useRows('extension'), useRows('call'), useRows('link')];
  return useMemo(() => {
    const mine = pages.filter(
      ({ rail, scope, isThere }) =>
        rail !== undefined && person?.scopes.has(scope) === true && isThere?.(config) !== false,
    );
    const maySeeLinks = person?.scopes.has('ops:read') === true;
    return findPlaces(text, { pages: mine, phones, calls, links, maySeeLinks });
  }, [text, person, config, phones, calls, links]);
}
