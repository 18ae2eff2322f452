import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import { useFault } from './refused-field';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  /** What is wrong with what was typed. */
  readonly fault?: string | undefined;
  /** The JSON pointer under which the service reports a fault of this field. */
  readonly pointer?: string;
}

/** A text field with its label, and a hint and a fault that screen readers read with it. */
export function Field(props: FieldProps) {
  const { label, hint, value, onInput, type = 'text', fault: own, pointer, ...more } = props;
  const id = useId();
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`];
  const fault = useFault(own, pointer);
  const input = {
    ...more,
    id,
    value,
    spellcheck: false,
    autocomplete: 'off',
    'aria-describedby': describing(hint !== undefined && hintId, fault !== undefined && faultId),
    'aria-invalid': fault !== undefined,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? (
        <input type="password" {...input} />
      ) : (
        <input type="text" {...input} />
      )}
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={faultId}>
          {fault}
        </p>
      )}
    </div>
  );
}

/** Returns the ids of the texts that a screen reader reads with a field; `undefined` if there are none. */
function describing(...ids: readonly (string | false)[]): string | undefined {
  return ids.filter((id) => id !== false).join(' ') || undefined;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly isLabelHidden?: boolean;
}

/** A choice among a few options. */
export function Select({ label, value, options, onChange, isLabelHidden = false }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={isLabelHidden ? 'unseen' : ''}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name} selected={name === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface AreaProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows?: number;
  readonly hint?: ComponentChildren;
  readonly fault?: string | undefined;
}

export function Area({ label, value, onInput, rows = 10, hint, fault }: AreaProps) {
  const id = useId();
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        spellcheck={false}
        class="code"
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={describing(hint !== undefined && hintId, fault !== undefined && faultId)}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={faultId}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
