import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { ofWrite, type Refused } from '../api/answer';
import { useHold } from '../api/hold';
import { refusedOf } from '../api/use-read';
import { useAnew } from './anew';
import { RefusedContext } from './refused-field';
import { Problem } from './state';
import { t } from '../i18n/language';

interface ActProps<Body, Result> {
  /** The label of the button that opens the dialog. */
  readonly button: string;
  readonly buttonKind?: string;
  readonly title: string;
  /** The fields. */
  readonly form: ComponentChildren;
  /** What will be written; `undefined` while the fields are incomplete. */
  readonly body: Body | undefined;
  /** Repeats what will be written, in words. */
  readonly review: (body: Body) => ComponentChildren;
  /** The label of the button that writes. */
  readonly confirm: string;
  readonly write: (body: Body, idempotencyKey: string) => Promise<Result>;
  /** Whether the service takes the idempotency key (default: yes). */
  readonly hasKey?: boolean;
  readonly done: (result: Result) => ComponentChildren;
  /**
   * Called once the person has closed the result: reading a list again earlier could remove this button and its dialog.
   */
  readonly onDone?: (() => void) | undefined;
}

type Step<Result> = 'edit' | 'review' | 'writing' | { readonly result: Result };

/**
 * A write by finance in three steps: fill in, review what will be written, see the result. The same content keeps its
 * idempotency key until it is written, so that a second click, or a retry after a lost connection, writes nothing twice.
 */
export function Act<Body, Result>(props: ActProps<Body, Result>) {
  const [isOpen, setOpen] = useState(false);
  const keys = useKeys();
  const { begin: beginAnew, hasBegun } = useAnew();
  const opener = useOpener(hasBegun);
  return (
    <>
      <button
        ref={opener}
        class={`button ${props.buttonKind ?? ''}`}
        type="button"
        onClick={() => setOpen(true)}
      >
        {props.button}
      </button>
      {isOpen && (
        <Opened
          {...props}
          keys={keys}
          onClose={(isWritten) => {
            setOpen(false);
            opener.current?.focus();
            if (!isWritten) return;
            beginAnew();
            props.onDone?.();
          }}
        />
      )}
    </>
  );
}

/**
 * Returns the ref of a dialog's button. After a write the form begins anew, with another button, which then has the
 * focus; or the list that is read again no longer has it, and the page has the focus.
 */
function useOpener(hasBegun: () => boolean) {
  const opener = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const button = opener.current;
    if (hasBegun()) button?.focus();
    return () => {
      if (document.activeElement === button)
        document.querySelector('main')?.focus({ preventScroll: true });
    };
  }, []);
  return opener;
}

type OpenedProps<Body, Result> = ActProps<Body, Result> & {
  readonly keys: Keys;
  readonly onClose: (isWritten: boolean) => void;
};

function Opened<Body, Result>(props: OpenedProps<Body, Result>) {
  const { title, form, body, review, confirm, write, hasKey = true, done, keys } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [step, setStep] = useState<Step<Result>>('edit');
  const [refused, setRefused] = useState<Refused>();
  const onClose = () => props.onClose(typeof step === 'object');
  // The browser gives the focus back only if the dialog is closed before it is taken out of the page.
  const close = () => dialog.current?.close();
  const titleId = useId();
  useHold(step === 'writing' || typeof step === 'object');
  useEffect(() => dialog.current?.showModal(), []);
  // Moves the focus, so that a screen reader announces each new step.
  useEffect(() => {
    if (step !== 'edit' && step !== 'writing')
      dialog.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, [step]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (body === undefined) return;
    setRefused(undefined);
    if (step === 'edit') return setStep('review');
    setStep('writing');
    try {
      const result = await write(body, keys.of(body));
      keys.forget();
      setStep({ result });
    } catch (error) {
      setRefused(ofWrite(refusedOf(error), hasKey));
      setStep('review');
    }
  };

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      // Escape does not cancel what is being written. Browsers close at a second Escape whatever the page says.
      onCancel={(event) => step === 'writing' && event.preventDefault()}
      onClose={() => (step === 'writing' ? dialog.current?.showModal() : onClose())}
      class="act"
    >
      <form class="dialog-body" onSubmit={(event) => void submit(event)}>
        <h2 id={titleId}>{title}</h2>
        {typeof step === 'object' ? (
          <>
            <div class="notice good" role="status">
              {done(step.result)}
            </div>
            <div class="dialog-foot">
              <button class="button primary" type="button" data-first onClick={close}>
                {t('Done')}
              </button>
            </div>
          </>
        ) : (
          <>
            {step === 'edit' ? (
              <RefusedContext.Provider value={refused}>
                <div class="form">{form}</div>
              </RefusedContext.Provider>
            ) : (
              // Not the button that records has the focus: Enter, held down since the step before, would press it.
              <div class="review" role="group" aria-labelledby={titleId} tabIndex={-1} data-first>
                {body !== undefined && review(body)}
              </div>
            )}
            {refused !== undefined && <Problem refused={refused} />}
            <Foot
              step={step}
              isReady={body !== undefined}
              confirm={confirm}
              onCancel={close}
              onBack={() => setStep('edit')}
            />
          </>
        )}
      </form>
    </dialog>
  );
}

interface FootProps {
  readonly step: 'edit' | 'review' | 'writing';
  /** Whether the fields are complete. */
  readonly isReady: boolean;
  readonly confirm: string;
  readonly onCancel: () => void;
  readonly onBack: () => void;
}

/** The buttons of a step. Those of another step are other ones, so that a key that is held down presses none of them. */
function Foot({ step, isReady, confirm, onCancel, onBack }: FootProps) {
  if (step === 'edit') {
    return (
      <div class="dialog-foot" key="edit">
        <button class="button" type="button" onClick={onCancel}>
          {t('Cancel')}
        </button>
        <button class="button primary" type="submit" disabled={!isReady}>
          {t('Review')}
        </button>
      </div>
    );
  }
  return (
    <div class="dialog-foot" key="review">
      <button class="button" type="button" disabled={step === 'writing'} onClick={onBack}>
        {t('Back')}
      </button>
      <button
        class="button primary"
        type="submit"
        disabled={step === 'writing' || !isReady}
        // The second click of a double click was meant for the button of the step before.
        onClick={(event) => event.detail > 1 && event.preventDefault()}
      >
        {step === 'writing' ? t('Writing…') : confirm}
      </button>
    </div>
  );
}

interface Keys {
  /** Returns the idempotency key of a content. */
  readonly of: (body: unknown) => string;
  /** Gives the same content another key from now on. */
  readonly forget: () => void;
}

/** Keeps one idempotency key for each content, also while the dialog is closed. */
function useKeys(): Keys {
  const keys = useRef(new Map<string, string>());
  return {
    of: (body) => {
      const content = JSON.stringify(body);
      const key = keys.current.get(content) ?? `console-${crypto.randomUUID()}`;
      keys.current.set(content, key);
      return key;
    },
    forget: () => keys.current.clear(),
  };
}

/** Lists what will be written, field by field. */
export function Written({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: ComponentChildren])[];
}) {
  return (
    <dl class="written">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
