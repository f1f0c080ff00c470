/** A binary heap: what is due first comes out first. */
export class DueHeap<T extends { due: number }> {
  readonly #items: T[] = [];

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = this.#items[(at - 1) >> 1]!;
      if (parent.due <= item.due) break;
      this.#items[at] = parent;
    }
    this.#items[at] = item;
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#items.length) break;
      const right = this.#items[child + 1];
      if (right && right.due < this.#items[child]!.due) child++;
      if (this.#items[child]!.due >= last.due) break;
      this.#items[at] = this.#items[child]!;
      at = child;
    }
    this.#items[at] = last;
    return first;
  }
}
