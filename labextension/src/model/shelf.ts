/**
 * Values that outlive the page, one entry each, so that two windows never overwrite each other's.
 *
 * Where the browser's storage is full or switched off, nothing is kept and nothing fails.
 */
export class Shelf {
  /**
   * @param scope - tells apart servers, people and uses; null while it is not known who is signed in.
   */
  constructor(
    private readonly scope: () => string | null,
    private readonly storage: Storage = window.localStorage
  ) {}

  all<T>(): T[] {
    const prefix = this.prefix();
    if (prefix === null) {
      return [];
    }
    return Object.keys(this.storage)
      .filter(key => key.startsWith(prefix))
      .map(key => this.read<T>(key))
      .filter(value => value !== null);
  }

  get<T>(name: string): T | null {
    const prefix = this.prefix();
    return prefix === null ? null : this.read<T>(prefix + name);
  }

  put(name: string, value: unknown): void {
    const prefix = this.prefix();
    if (prefix !== null) {
      try {
        this.storage.setItem(prefix + name, JSON.stringify(value));
      } catch {
        // Full: the value lives as long as the page does.
      }
    }
  }

  remove(name: string): void {
    const prefix = this.prefix();
    if (prefix !== null) {
      this.storage.removeItem(prefix + name);
    }
  }

  private prefix(): string | null {
    const scope = this.scope();
    return scope === null ? null : `jupyter-groupchat:${scope}:`;
  }

  private read<T>(key: string): T | null {
    try {
      return JSON.parse(this.storage.getItem(key) ?? 'null') as T | null;
    } catch {
      return null; // another program's, or cut off
    }
  }
}
