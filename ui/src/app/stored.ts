// Choices of the reader that outlive the page. A browser may forbid storage; a choice then lasts as long as the page.

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(`spoor.${name}`);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(`spoor.${name}`, value);
  } catch {
    // See above.
  }
}
