/**
 * What `Headers` does, for names and values that a transport has checked already. The platform's own
 * checks each of them again, sorts on reading, and costs as much as a whole decision of policy.
 */
export class HeaderMap implements Headers {
  readonly #values: Map<string, string>;

  constructor(entries: Iterable<[string, string]> = []) {
    this.#values = new Map(entries);
  }

  get(name: string): string | null {
    return this.#values.get(name) ?? this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  getSetCookie(): string[] {
    const cookie = this.get("set-cookie");
    return cookie === null ? [] : [cookie];
  }

  forEach(visit: (value: string, name: string, all: Headers) => void): void {
    for (const [name, value] of this.#values) visit(value, name, this);
  }

  entries() {
    return this.#values.entries();
  }

  keys() {
    return this.#values.keys();
  }

  values() {
    return this.#values.values();
  }

  [Symbol.iterator]() {
    return this.#values.entries();
  }
}
