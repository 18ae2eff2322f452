/** Which streams of a server, that may be shared with other programs, are the ledger's. */
export interface StreamChoice {
  /** Put before the name of every stream; may be empty. */
  readonly prefix: string;
  /** Complete names of streams. */
  readonly names: readonly string[];
  /** Beginnings of names of streams. */
  readonly beginnings: readonly string[];
}

/** Tells the ledger's streams from all others, and gives them their names on the server and without the prefix. */
export class OwnStreams {
  /** A regular expression of the names on the server: the same to JavaScript and to the server (.NET). */
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

  /** The name on the server. */
  toServer(stream: string): string {
    return this.choice.prefix + stream;
  }

  /** The name without the prefix; `undefined` of a stream that is not ours. */
  toOwn(name: string): string | undefined {
    return this.expression.test(name) ? name.slice(this.choice.prefix.length) : undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
