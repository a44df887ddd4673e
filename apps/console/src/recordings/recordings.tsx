import { Download, Headphones, Mic, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Recording } from '../api/answers.ts';
import { useAction } from '../api/use-action.ts';
import { useApi, useResource, type PageOf } from '../api/use-api.ts';
import { useMay } from '../session/session-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Moment } from '../ui/moment.tsx';
import { recordingsCopy as copy } from './copy.ts';
import { Player } from './player.tsx';
import styles from './player.module.css';
import { linkTo, loadSound, type Sound } from './sound.ts';

/** What is on its way is looked at again after this. */
const pendingMs = 3_000;

interface RecordingsProps {
  readonly of: { readonly pbx: string; readonly call: string };
}

/** The recordings of a call, each to be heard as soon as its sound is here. For whoever may hear them. */
export function Recordings({ of: { pbx, call } }: RecordingsProps) {
  const { data, error } = useResource<PageOf<Recording>>('/v1/recordings', {
    query: { pbx, call },
    everyMs: (known) => (known?.items.some(({ status }) => status === 'pending') === true ? pendingMs : null),
  });
  const recordings = data?.items ?? [];
  return (
    <div className={styles.recordings}>
      <h3>{copy.title}</h3>
      {error !== null && <p className={styles.problem}>{error.message}</p>}
      {recordings.map((recording) => (
        <One key={recording.id} recording={recording} />
      ))}
    </div>
  );
}

function One({ recording }: { readonly recording: Recording }) {
  const { status, problem, readyAt, recording: name } = recording;
  return (
    <article className={styles.recording} aria-label={name}>
      <div className={styles.head}>
        <Mic size={16} aria-hidden />
        <span className={styles.name}>{name}</span>
        <span className={styles.quiet}>
          <Moment at={readyAt} />
        </span>
      </div>
      {status === 'pending' && <p className={styles.quiet}>{copy.states.pending}</p>}
      {status === 'failed' && <p className={styles.problem}>{copy.states.failed(problem)}</p>}
      {status === 'deleted' && <p className={styles.quiet}>{copy.states.deleted}</p>}
      {status === 'stored' && <Stored recording={recording} />}
    </article>
  );
}

function Stored({ recording }: { readonly recording: Recording }) {
  const api = useApi();
  const { sound, isLoading, problem, load } = useSound(recording);
  const download = useAction(async () => {
    const { path } = await linkTo(recording, api, true);
    Object.assign(document.createElement('a'), { href: path, download: '' }).click();
  });
  const wrong = problem ?? download.error?.message;
  return (
    <>
      {sound !== null && <Player sound={sound} seconds={recording.durationSeconds} />}
      <div className={styles.head}>
        {sound === null && (
          <Button isBusy={isLoading} onClick={load}>
            <Headphones size={16} aria-hidden />
            {copy.load}
          </Button>
        )}
        <Button look="quiet" isBusy={download.isPending} onClick={() => download.mutate()}>
          <Download size={16} aria-hidden />
          {copy.download}
        </Button>
        <Remove recording={recording} />
      </div>
      {wrong !== undefined && <p className={styles.problem}>{wrong}</p>}
    </>
  );
}

/** Nothing is fetched before somebody wants to hear it: each access is in the audit. */
function useSound(recording: Recording) {
  const api = useApi();
  const [sound, setSound] = useState<Sound | null>(null);
  const loading = useAction(() => loadSound(recording, api));
  useEffect(() => () => sound?.release(), [sound]);
  const load = () => loading.mutate(undefined, { onSuccess: setSound });
  return { sound, isLoading: loading.isPending, problem: loading.error?.message, load };
}

function Remove({ recording }: { readonly recording: Recording }) {
  const mayDelete = useMay('recordings:delete');
  const [isAsking, setAsking] = useState(false);
  const remove = useAction(
    (api) => api.ask(`/v1/recordings/${recording.id}`, { method: 'DELETE' }),
    ['/v1/recordings'],
  );
  if (!mayDelete) return null;
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        <Trash2 size={16} aria-hidden />
        {copy.remove}
      </Button>
      <Confirm
        isOpen={isAsking}
        title={copy.removeTitle}
        action={copy.removeAction}
        isBusy={remove.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
      >
        <p>{copy.removeBody}</p>
        {remove.error !== null && <p className={styles.problem}>{remove.error.message}</p>}
      </Confirm>
    </>
  );
}
