/** Cookies, redirects and where it stands, as far as signing in needs them; every cookie goes to every port of its host. */
export class Browser {
  readonly cookies = new Map<string, string>();
  at = '';

  async open(url: string): Promise<Response> {
    let next = url;
    for (let hop = 0; hop < 12; hop += 1) {
      const response = await this.send(next, { headers: { accept: 'text/html' } });
      this.at = next;
      const location = response.headers.get('location');
      if (location === null) return response;
      next = new URL(location, next).href;
    }
    throw new Error('too many redirects');
  }

  async submit(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const response = await this.send(url, { method: 'POST', body: new URLSearchParams(fields) });
    const location = response.headers.get('location');
    return location === null ? response : this.open(new URL(location, url).href);
  }

  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
