export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="7" class="wordmark-back" />
        <path
          d="M9 8.5h11a3 3 0 0 1 3 3v12H12a3 3 0 0 1-3-3z M13 13h6 M13 17h6"
          class="wordmark-lines"
        />
      </svg>
      Minutebook
    </span>
  );
}
