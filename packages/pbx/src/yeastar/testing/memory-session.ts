import type { SessionStore } from '../../port/connection.ts';

export class MemorySession implements SessionStore {
  text: string | null = null;
  expiresAt = 0;

  read(): Promise<string | null> {
    return Promise.resolve(this.text);
  }

  write(text: string, expiresAt: number): Promise<void> {
    this.text = text;
    this.expiresAt = expiresAt;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.text = null;
    return Promise.resolve();
  }
}
