import { Upload } from 'lucide-react';
import { useRef, useState, type DragEvent } from 'react';
import { useLocation } from 'wouter';
import type { ContactImport } from '../api/answers.ts';
import { queryText } from '../api/api.ts';
import { upload } from '../api/upload.ts';
import { Outcome } from '../ops/ops-page.tsx';
import { useSession } from '../session/session-provider.tsx';
import { Button } from '../ui/button.tsx';
import { importsCopy as copy } from './copy.ts';
import styles from './upload-box.module.css';

/** A file is chosen or dropped, goes up with its progress, and leads to what it holds. */
export function UploadBox() {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const { sending, problem, send, stop } = useUpload();
  const take = (files: FileList | null) => {
    const [file] = files ?? [];
    if (file !== undefined) void send(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={styles.box}
      data-over={isOver || undefined}
      onDrop={drop}
      onDragLeave={() => setOver(false)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
    >
      {sending === null ? (
        <>
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            hidden
            onChange={(event) => take(event.target.files)}
          />
          <Button look="primary" onClick={() => input.current?.click()}>
            <Upload size={16} aria-hidden />
            {copy.choose}
          </Button>
          <span className={styles.hint}>{copy.drop}</span>
        </>
      ) : (
        <>
          <label className={styles.progress}>
            {copy.uploading(sending.name, Math.floor(sending.share * 100))}
            <progress value={sending.share} max={1} />
          </label>
          <Button onClick={stop}>{copy.stop}</Button>
        </>
      )}
      {problem !== null && <Outcome tone="danger">{problem}</Outcome>}
    </div>
  );
}

function useUpload() {
  const { session } = useSession();
  const [, navigate] = useLocation();
  const [sending, setSending] = useState<{ readonly name: string; readonly share: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stopper = useRef<AbortController>(undefined);
  async function send(file: File): Promise<void> {
    const { signal } = (stopper.current = new AbortController());
    setProblem(null);
    setSending({ name: file.name, share: 0 });
    try {
      const { id } = await upload<ContactImport>(`/v1/imports${queryText({ fileName: file.name })}`, {
        file,
        token: await session.getToken(),
        signal,
        onProgress: (share) => setSending({ name: file.name, share }),
      });
      navigate(`/imports/${id}`);
    } catch (error) {
      if (!signal.aborted) setProblem((error as Error).message);
      setSending(null);
    }
  }
  return { sending, problem, send, stop: () => stopper.current?.abort() };
}
