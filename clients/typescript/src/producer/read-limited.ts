/** The text of an answer. @throws Error if it has more bytes than that. */
export async function readLimited(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body !== null) {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error('The answer is longer than any answer of the ledger.');
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
