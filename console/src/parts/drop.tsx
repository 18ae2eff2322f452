import { useId, useState } from 'preact/hooks';

interface DropProps {
  readonly label: string;
  readonly hint: string;
  /** What a file dialog offers, such as `.csv,.json`. */
  readonly accept: string;
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}

/** A place to drop a file on; a click or the keyboard opens a dialog. */
export function Drop({ label, hint, accept, file, onFile }: DropProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped !== undefined) onFile(dropped);
  };
  return (
    <div
      class={`drop ${isOver ? 'is-over' : ''}`}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept={accept}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen !== undefined) onFile(chosen);
        }}
      />
      <p class="hint" id={`${id}-hint`}>
        {file === undefined ? hint : <bdi>{file.name}</bdi>}
      </p>
    </div>
  );
}
