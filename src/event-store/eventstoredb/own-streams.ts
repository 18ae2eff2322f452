/** Which streams belong to the ledger, on a server that other programs may share. */
export interface StreamChoice {
  /** Put before the name of every stream. May be empty. */
  readonly prefix: string;
  /** Full names of streams. */
  readonly names: readonly string[];
  /** Prefixes of names of streams. */
  readonly beginnings: readonly string[];
}

/** Tells the ledger's streams from all others, and converts their names to those on the server and back. */
export class OwnStreams {
  /** A regular expression for the names on the server. It means the same to JavaScript and to the server (.NET). */
  readonly pattern: string;
  private readonly expression: RegExp;

  constructor(private readonly choice: StreamChoice) {
    const parts = [
      ...choice.names.map((name) => `${escaped(name)}$`),
      ...choice.beginnings.map(escaped),
    ];
    this.pattern = `^${escaped(choice.prefix)}(?:${parts.join('|')})`;
    this.expression = new RegExp(this.pattern);
  }

  /** Returns a stream's name on the server. */
  toServer(stream: string): string {
    return this.choice.prefix + stream;
  }

  /** Returns the name without the prefix; `undefined` for a stream that is not ours. */
  toOwn(name: string): string | undefined {
    return this.expression.test(name) ? name.slice(this.choice.prefix.length) : undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
