import type { Channel, Locks } from '../tabs/tab-group.ts';

interface Holder {
  readonly tab: FakeTab;
  readonly reject: (error: Error) => void;
}

/** Locks and channels of one browser, with tabs that close, crash and freeze. */
export class FakeBrowser {
  readonly tabs: FakeTab[] = [];
  readonly #queues = new Map<
    string,
    { tab: FakeTab; callback: () => Promise<void>; reject: (error: Error) => void }[]
  >();
  readonly #holders = new Map<string, Holder>();

  openTab(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }

  request(tab: FakeTab, name: string, steal: boolean, callback: () => Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<void>();
    const wish = { tab, callback, reject };
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    if (steal) {
      this.#holders.get(name)?.reject(new Error('the lock was stolen'));
      this.#holders.delete(name);
      queue.unshift(wish);
    } else queue.push(wish);
    this.#grant(name);
    return promise;
  }

  release(tab: FakeTab): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((wish) => wish.tab !== tab),
      );
      if (this.#holders.get(name)?.tab === tab) this.#holders.delete(name);
      this.#grant(name);
    }
  }

  #grant(name: string): void {
    if (this.#holders.has(name)) return;
    const wish = this.#queues.get(name)?.shift();
    if (wish === undefined) return;
    this.#holders.set(name, { tab: wish.tab, reject: wish.reject });
    queueMicrotask(() => void wish.callback());
  }
}

export class FakeTab {
  readonly #browser: FakeBrowser;
  readonly channels: { readonly name: string; readonly channel: Channel }[] = [];
  /** A frozen tab hears nothing until it thaws. */
  readonly #unheard: (() => void)[] = [];
  #frozen = false;
  closed = false;

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
  }

  readonly locks: Locks = {
    request: (name, { steal = false }, callback) => this.#browser.request(this, name, steal, callback),
  };

  readonly openChannel = (name: string): Channel => {
    const channel: Channel = {
      onmessage: null,
      postMessage: (message) => this.#post(name, structuredClone(message)),
      close: () => undefined,
    };
    this.channels.push({ name, channel });
    return channel;
  };

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    for (const hear of this.#unheard.splice(0)) hear();
  }

  /** Closed or crashed: the browser knows and frees its locks. */
  close(): void {
    this.closed = true;
    this.#browser.release(this);
  }

  hear(name: string, data: unknown): void {
    const deliver = () => {
      if (this.closed) return;
      for (const { name: own, channel } of this.channels) {
        if (own === name) (channel.onmessage as ((event: object) => void) | null)?.({ data });
      }
    };
    if (this.#frozen) this.#unheard.push(deliver);
    else queueMicrotask(deliver);
  }

  #post(name: string, message: unknown): void {
    if (this.closed || this.#frozen) return;
    for (const tab of this.#browser.tabs) if (tab !== this) tab.hear(name, message);
  }
}
