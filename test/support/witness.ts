import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A small witness, written from c2sp.org/tlog-witness and c2sp.org/tlog-cosignature alone. It shares no code with the
 * service or the checker.
 */
export class TestWitness {
  /** The requests it received, and its answers. */
  readonly log: { readonly old: number; readonly size: number; readonly status: number }[] = [];
  /** If set, every request is answered with this status. */
  broken: number | undefined;
  private readonly seen = new Map<string, { size: number; root: string }>();
  private readonly trusted = new Map<string, { id: Buffer; key: Buffer }>();
  private readonly pair = generateKeyPairSync('ed25519');

  private constructor(
    readonly name: string,
    private readonly server: Server,
  ) {}

  static async start(name: string): Promise<TestWitness> {
    const server = createServer();
    const witness = new TestWitness(name, server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        const isCall = request.method === 'POST' && request.url === '/prefix/add-checkpoint';
        const [status, body] = isCall ? witness.add(text) : [404, 'no such path\n'];
        const type = status === 409 ? 'text/x.tlog.size' : 'text/plain';
        response.writeHead(status, { 'content-type': type }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return witness;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/prefix`;
  }

  get key(): string {
    const bytes = Buffer.concat([Buffer.from([4]), this.raw]);
    return `${this.name}+${idOf(this.name, bytes).toString('hex')}+${bytes.toString('base64')}`;
  }

  /** Its line in a policy file. */
  get line(): string {
    return `witness ${this.name.replace(/\W/g, '-')} ${this.key} ${this.url}\n`;
  }

  /** Trusts a log by its verifier key. */
  trust(vkey: string): void {
    const [name, id, base64] = vkey.split('+') as [string, string, string];
    const rest = vkey.slice(name.length + id.length + 2) || base64;
    this.trusted.set(name, {
      id: Buffer.from(id, 'hex'),
      key: Buffer.from(rest, 'base64').subarray(1),
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get raw(): Buffer {
    return this.pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  }

  private add(text: string): [number, string] {
    if (this.broken !== undefined) return [this.broken, 'broken\n'];
    const gap = text.indexOf('\n\n');
    const [first = '', ...proof] = text.slice(0, gap).split('\n');
    const note = text.slice(gap + 2);
    const body = note.slice(0, note.indexOf('\n\n') + 1);
    const [origin = '', digits = '', root = ''] = body.split('\n');
    const [old, size] = [Number(/^old (\d+)$/.exec(first)?.[1] ?? NaN), Number(digits)];
    const answer = this.judge({ old, size, root, origin, note, body, proof });
    this.log.push({ old, size, status: answer[0] });
    return answer;
  }

  private judge(asked: {
    readonly old: number;
    readonly size: number;
    readonly root: string;
    readonly origin: string;
    readonly note: string;
    readonly body: string;
    readonly proof: readonly string[];
  }): [number, string] {
    const { old, size, root, origin, note, body, proof } = asked;
    const trusted = this.trusted.get(origin);
    if (trusted === undefined) return [404, 'unknown log\n'];
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), trusted.key]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const signatures = note
      .slice(body.length + 1)
      .split('\n')
      .map((line) => Buffer.from(line.split(' ')[2] ?? '', 'base64'))
      .filter((bytes) => bytes.subarray(0, 4).equals(trusted.id));
    const isSigned = signatures.some((one) =>
      verify(null, Buffer.from(body), key, one.subarray(4)),
    );
    if (!isSigned) return [403, 'not signed\n'];
    if (Number.isNaN(old) || old > size) return [400, 'bad old size\n'];
    const seen = this.seen.get(origin) ?? { size: 0, root: '' };
    // A different root of the size that it cosigned is a conflict, too (C2SP, tlog-witness).
    const isOther = size === seen.size && root !== seen.root;
    if (old !== seen.size || isOther) return [409, `${seen.size}\n`];
    const holds =
      old === 0
        ? proof.length === 0
        : continues(
            seen,
            { size, root },
            proof.map((hash) => Buffer.from(hash, 'base64')),
          );
    if (!holds) return [422, 'not consistent\n'];
    this.seen.set(origin, { size, root });
    const seconds = Math.floor(Date.now() / 1_000);
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(BigInt(seconds));
    const message = `cosignature/v1\ntime ${seconds}\n${body}`;
    const signature = sign(null, Buffer.from(message), this.pair.privateKey);
    const id = idOf(this.name, Buffer.concat([Buffer.from([4]), this.raw]));
    const bytes = Buffer.concat([id, stamp, signature]);
    return [200, `— other.example AAAAAAAA\n— ${this.name} ${bytes.toString('base64')}\n`];
  }
}

function idOf(name: string, typed: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
}

const node = (left: Buffer, right: Buffer) =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from([1]), left, right]))
    .digest();

/** Checks a consistency proof: RFC 9162, 2.1.4.2. */
function continues(
  first: { readonly size: number; readonly root: string },
  second: { readonly size: number; readonly root: string },
  proof: readonly Buffer[],
): boolean {
  const [oldRoot, newRoot] = [first.root, second.root].map((root) => Buffer.from(root, 'base64'));
  if (first.size === second.size) return proof.length === 0 && oldRoot!.equals(newRoot!);
  const path = [...proof];
  if ((first.size & (first.size - 1)) === 0) path.unshift(oldRoot!);
  const start = path.shift();
  if (start === undefined) return false;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while ((fn & 1) === 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [fr, sr] = [start, start];
  for (const hash of path) {
    if (sn === 0) return false;
    if ((fn & 1) === 1 || fn === sn) {
      [fr, sr] = [node(hash, fr), node(hash, sr)];
      while ((fn & 1) === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = node(sr, hash);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && fr.equals(oldRoot!) && sr.equals(newRoot!);
}
