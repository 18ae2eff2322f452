import { Component, type ComponentChildren } from 'preact';

import { hrefTo } from '../route';
import { t } from '../i18n/language';

interface BoundaryProps {
  /** The address of the page. Another one is tried anew. */
  readonly at: string;
  readonly children: ComponentChildren;
}

interface BoundaryState {
  readonly failed?: { readonly at: string; readonly detail: string } | undefined;
}

/** Says that a page can't be shown if it fails while it renders. Without it, the whole console would stay empty. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  private readonly again = () => this.setState({ failed: undefined });

  override componentDidCatch(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.setState({ failed: { at: this.props.at, detail } });
  }

  override componentDidUpdate(): void {
    const { failed } = this.state;
    if (failed !== undefined && failed.at !== this.props.at) this.again();
  }

  override render({ at, children }: BoundaryProps, { failed }: BoundaryState) {
    if (failed === undefined || failed.at !== at) return children;
    return (
      <div class="notice bad" role="alert">
        <strong>{t('This page can’t be shown')}</strong>
        <p>
          {t('Something on the page is not what the console expects.')} <code>{failed.detail}</code>
        </p>
        <a
          class="button small"
          href={hrefTo([], { as_of: undefined, period: undefined })}
          onClick={this.again}
        >
          {t('Go to the first page')}
        </a>
      </div>
    );
  }
}
