/** The trace that a request is part of, as W3C Trace Context defines it. */
interface Traceparent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The id of the parent span: 16 hex digits. */
  readonly parentId: string;
  readonly isSampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads the header `traceparent`; `undefined` if it is missing or invalid. */
export function readTraceparent(header: string | readonly string[] | undefined) {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, parentId, flags, more] = FORM.exec(header.trim()) ?? [];
  // Version 00 has four parts; later ones may have more.
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) {
    return undefined;
  }
  if (/^0+$/.test(traceId!) || /^0+$/.test(parentId!)) return undefined;
  const isSampled = (Number.parseInt(flags!, 16) & 1) === 1;
  return { traceId: traceId!, parentId: parentId!, isSampled } satisfies Traceparent;
}
